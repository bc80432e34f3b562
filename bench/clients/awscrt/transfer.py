"""A peer: aws-c-s3, which AWS's own tools are made of. `transfer.py put|get|nothing FILE BUCKET KEY`"""

import os
import sys
from urllib.parse import urlsplit

from awscrt import auth, http, io, s3

_PART_BYTES, _CONNECTIONS = 8 * 1024**2, 16


def main() -> None:
    operation, file, bucket, key = sys.argv[1:]
    if operation == "nothing":  # what Python and the package take to begin with
        return
    endpoint = urlsplit(os.environ["AWS_ENDPOINT_URL_S3"])
    done = make_client(endpoint.scheme).make_request(
        **REQUESTS[operation](f"/{bucket}/{key}", endpoint.netloc, file)).finished_future
    done.result(600)


def make_client(scheme: str) -> s3.S3Client:
    region = os.environ["AWS_REGION"]
    # One thread for I/O: there is one core.
    loops = io.EventLoopGroup(1)
    credentials = auth.AwsCredentialsProvider.new_static(os.environ["AWS_ACCESS_KEY_ID"],
                                                         os.environ["AWS_SECRET_ACCESS_KEY"])
    return s3.S3Client(
        bootstrap=io.ClientBootstrap(loops, io.DefaultHostResolver(loops)), region=region,
        signing_config=s3.create_default_s3_signing_config(region=region,
                                                           credential_provider=credentials),
        tls_mode=s3.S3RequestTlsMode.ENABLED if scheme == "https" else s3.S3RequestTlsMode.DISABLED,
        tls_connection_options=trust() if scheme == "https" else None,
        part_size=_PART_BYTES, max_active_connections_override=_CONNECTIONS)


def trust() -> io.TlsConnectionOptions:
    options = io.TlsContextOptions()
    options.override_default_trust_store_from_path(ca_filepath=os.environ["AWS_CA_BUNDLE"])
    return io.ClientTlsContext(options).new_connection_options()


def put(path: str, host: str, file: str) -> dict:
    headers = http.HttpHeaders([("Host", host), ("Content-Length", str(os.path.getsize(file)))])
    return {
        "type": s3.S3RequestType.PUT_OBJECT, "send_filepath": file,
        "request": http.HttpRequest("PUT", path, headers),
        "checksum_config": s3.S3ChecksumConfig(algorithm=s3.S3ChecksumAlgorithm.CRC64NVME,
                                               location=s3.S3ChecksumLocation.TRAILER),
    }


def get(path: str, host: str, file: str) -> dict:
    return {
        "type": s3.S3RequestType.GET_OBJECT, "recv_filepath": file,
        "request": http.HttpRequest("GET", path, http.HttpHeaders([("Host", host)])),
        "checksum_config": s3.S3ChecksumConfig(validate_response=True),
    }


REQUESTS = {"put": put, "get": get}

if __name__ == "__main__":
    main()
