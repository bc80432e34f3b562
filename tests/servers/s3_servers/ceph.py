"""Ceph's RADOS gateway with one monitor and one in-memory OSD, from Debian's packages."""

import base64
import uuid

from .installation import install_debian_packages
from .ports import Port
from .server import Server, Site

_PACKAGES = ("radosgw", "ceph-mon", "ceph-osd")

_CONFIGURATION = """
[global]
fsid = {fsid}
mon_host = v2:{monitor}
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_mon_client_mode = crc
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
keyring = {directory}/keyring
run_dir = {directory}/run
pid_file = {directory}/run/$name.pid
admin_socket = {directory}/run/$name.$pid.asok
log_file = {directory}/$name.log
mon_data = {directory}/mon
osd_data = {directory}/osd
rgw_data = {directory}/rgw
mon_allow_pool_size_one = true
mon_osd_min_in_ratio = 0
mon_max_pg_per_osd = 1000
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
osd_objectstore = memstore
memstore_device_bytes = 8589934592
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_op_num_shards = 2
osd_class_load_list = *
osd_class_default_list = *
[client]
rgw_frontends = beast tcp_nodelay=1 {listen}
rgw_dns_name = {domain}
rgw_crypt_require_ssl = false
rgw_crypt_s3_kms_backend = testing
rgw_crypt_s3_kms_encryption_keys = {kms_key}
rgw_lc_debug_interval = 10
rgw_enable_usage_log = false
rgw_thread_pool_size = 64
"""


class Ceph(Server):
    name = "ceph"
    version = "Debian"
    kms_key_id = "cairn-test-key"
    tls_host = "127.0.0.1"  # it takes any name that is not its own for a bucket's

    def install(self) -> None:
        install_debian_packages(_PACKAGES)

    def start(self, site: Site) -> None:
        cluster = str(uuid.uuid4())
        monitor_port = Port()
        monitor = f"127.0.0.1:{monitor_port.number}"
        self._configure(site, cluster, monitor)
        _start_monitor(site, cluster, monitor)
        _start_storage(site)
        self._start_gateway(site)

    def _configure(self, site: Site, cluster: str, monitor: str) -> None:
        for folder in ("run", "mon", "osd", "rgw"):
            (site.directory / folder).mkdir()
        kms_key = f"{self.kms_key_id}={base64.b64encode(bytes(32)).decode()}"
        (site.directory / "ceph.conf").write_text(_CONFIGURATION.format(
            fsid=cluster, monitor=monitor, directory=site.directory, domain=site.domain,
            listen=_listen(site), kms_key=kms_key))

    def _start_gateway(self, site: Site) -> None:
        _start(site, "radosgw", "-n", "client.admin")
        site.wait_until(lambda: site.get("/")[0] != 0, "serving")
        _run(site, "radosgw-admin", "user", "create", "--uid=test", "--display-name=test",
             f"--access-key={self.credentials.access_key}",
             f"--secret-key={self.credentials.secret_key}")


def _listen(site: Site) -> str:
    if not site.certificates:
        return f"endpoint={site.address}"
    return (f"ssl_endpoint={site.address} ssl_certificate={site.certificates.certificate}"
            f" ssl_private_key={site.certificates.key}")


def _start_monitor(site: Site, cluster: str, monitor: str) -> None:
    keyring, monitor_map = site.directory / "keyring", site.directory / "monmap"
    site.run(["ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.",
              "--cap", "mon", "allow *"])
    site.run(["ceph-authtool", keyring, "--gen-key", "-n", "client.admin",
              "--cap", "mon", "allow *", "--cap", "osd", "allow *"])
    site.run(["monmaptool", "--create", "--addv", "a", f"[v2:{monitor}]", "--fsid", cluster,
              monitor_map])
    _run(site, "ceph-mon", "--mkfs", "-i", "a", "--monmap", str(monitor_map),
         "--keyring", str(keyring))
    _start(site, "ceph-mon", "-i", "a")


def _start_storage(site: Site) -> None:
    identity = str(uuid.uuid4())
    _run(site, "ceph", "osd", "new", identity, "0")
    _run(site, "ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", identity)
    _start(site, "ceph-osd", "-i", "0")
    site.wait_until(lambda: "1 up" in _run(site, "ceph", "osd", "stat"), "storing")


def _run(site: Site, program: str, *arguments: str) -> str:
    return site.run([program, "-c", site.directory / "ceph.conf", *arguments])


def _start(site: Site, program: str, *arguments: str) -> None:
    site.start([program, "-c", site.directory / "ceph.conf", "-f", *arguments])
