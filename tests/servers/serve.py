#!/usr/bin/env python3
"""Installs and runs real S3 servers on loopback, for tests and for trying things out."""

import argparse
import os
import shlex
import signal
import sys
import time

from s3_servers import SERVERS, processes
from s3_servers.installation import InstallFailed, MissingPrerequisite, say
from s3_servers.python_environment import PythonEnvironment
from s3_servers.server import Server, Site, StartFailed

EXIT_SKIPPED = 77


def main() -> int:
    options = parse_command_line()
    processes.unwind_on_signals()
    try:
        return options.action(options)
    except processes.Interrupted as interruption:
        return 128 + interruption.signum


def parse_command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="A server whose prerequisites are missing ends with exit code 77, or with 1 when "
               "CI=true or CAIRN_REQUIRE_SERVERS=1. CAIRN_SERVERS_DIR: where to install "
               "(default: build/servers).")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    lister = commands.add_parser("list", help="print the names of the servers")
    lister.set_defaults(action=list_servers)

    installer = commands.add_parser("install", help="install servers that are not there yet")
    installer.add_argument("names", nargs="+", choices=SERVERS, metavar="NAME")
    installer.set_defaults(action=install_servers)

    runner = commands.add_parser("run", help="run a server until Ctrl-C")
    add_server_arguments(runner)
    runner.set_defaults(action=run_server)

    wrapper = commands.add_parser("with", help="run a command beside a server",
                                  usage="serve.py with NAME [--tls] -- COMMAND [ARGUMENT...]")
    add_server_arguments(wrapper)
    wrapper.set_defaults(action=run_command_with_server)

    own, command = split_at_dashes(sys.argv[1:])
    options = parser.parse_args(own)
    if bool(command) != (options.action is run_command_with_server):
        parser.error("a command after -- goes with `with`, and `with` needs one")
    options.command = command
    return options


def add_server_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=SERVERS, metavar="NAME", help=", ".join(SERVERS))
    parser.add_argument("--tls", action="store_true", help="https, with a certificate of our own")


def split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in arguments:
        return arguments, []
    position = arguments.index("--")
    return arguments[:position], arguments[position + 1:]


def list_servers(_options: argparse.Namespace) -> int:
    print("\n".join(SERVERS))
    return 0


def install_servers(options: argparse.Namespace) -> int:
    results = {install(SERVERS[name]) for name in options.names}
    return 1 if 1 in results else max(results)


def install(what: Server | PythonEnvironment) -> int:
    try:
        what.install()
    except MissingPrerequisite as missing:
        return report_missing(what, missing)
    except InstallFailed as failure:
        say(f"{what.name} was not installed: {failure}")
        return 1
    return 0


def report_missing(what: Server | PythonEnvironment, missing: MissingPrerequisite) -> int:
    required = os.environ.get("CI") == "true" or os.environ.get("CAIRN_REQUIRE_SERVERS") == "1"
    print(f"{'FAIL' if required else 'SKIP'}: {what.name} needs {missing}", flush=True)
    return 1 if required else EXIT_SKIPPED


def run_server(options: argparse.Namespace) -> int:
    def wait_for_interruption(server: Server, site: Site) -> int:
        print(describe(server, site), flush=True)
        try:
            while True:
                signal.pause()
        except processes.Interrupted:
            return 0

    return use_server(options, wait_for_interruption)


def run_command_with_server(options: argparse.Namespace) -> int:
    processes.die_with_parent(os.getppid(), signal.SIGTERM)

    def run_command(server: Server, site: Site) -> int:
        return processes.run_in_foreground(options.command, environment_for(server, site))

    return use_server(options, run_command)


def use_server(options: argparse.Namespace, use) -> int:
    server = SERVERS[options.name]
    problem = install(server)
    if problem:
        return problem
    begin = time.monotonic()
    try:
        with server.running(options.tls) as site:
            say(f"{server.name} serves {site.endpoint} after {time.monotonic() - begin:.1f} s")
            return use(server, site)
    except MissingPrerequisite as missing:
        return report_missing(server, missing)
    except StartFailed as failure:
        say(f"{server.name} did not start: {failure}")
        return 1


def describe(server: Server, site: Site) -> str:
    scheme = site.endpoint.split("://")[0]
    lines = {
        "virtual host": f"{scheme}://BUCKET.{site.virtual_host_suffix}",
    }
    if server.kms_key_id:
        lines["kms key id"] = server.kms_key_id
    exports = "\n".join(f"export {name}={shlex.quote(value)}"
                        for name, value in settings_for(server, site).items())
    facts = "\n".join(f"{name:<14}{value}" for name, value in lines.items())
    return f"{facts}\n\n{exports}\n\nCtrl-C stops it."


def settings_for(server: Server, site: Site) -> dict[str, str]:
    settings = {
        "AWS_ENDPOINT_URL_S3": site.endpoint,
        "AWS_REGION": server.region,
        "AWS_ACCESS_KEY_ID": server.credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": server.credentials.secret_key,
    }
    if site.certificates:
        settings["AWS_CA_BUNDLE"] = str(site.certificates.authority)
    return settings


def environment_for(server: Server, site: Site) -> dict[str, str]:
    # What the developer has set up for AWS itself must not reach the tests.
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("AWS_")}
    environment |= settings_for(server, site) | {
        "CAIRN_TEST_SERVER": server.name,
        "CAIRN_TEST_VIRTUAL_HOST_SUFFIX": site.virtual_host_suffix,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if server.kms_key_id:
        environment["CAIRN_TEST_KMS_KEY_ID"] = server.kms_key_id
    return environment


if __name__ == "__main__":
    sys.exit(main())
