"""Real S3 servers on loopback, for tests: how each is installed, started and stopped."""

from .ceph import Ceph
from .localstack import LocalStack
from .minio import Minio
from .server import Server
from .simulated import Simulated
from .versitygw import VersityGateway

SERVERS: dict[str, Server] = {
    server.name: server for server in (LocalStack(), Ceph(), VersityGateway(), Minio(),
                                  Simulated())
}
