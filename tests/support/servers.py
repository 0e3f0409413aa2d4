# SPDX-License-Identifier: Apache-2.0
"""Registries on loopback for the end-to-end tests: each in a folder of its own, on a free port, stopped by
its own process id when the case ends."""
import base64
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bullatest import Failure, Skip, at_end, check, temp_dir, tool, write

WRITER = ("writer", "w-secret")
READER = ("reader", "r-secret")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _stop(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def _wait_for_port(port, process, log):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    raise Failure(f"the registry does not listen; its log is {log}")


class Certificates:
    """A certificate authority and a server certificate for 127.0.0.1 and localhost, made by openssl."""

    def __init__(self):
        folder = temp_dir()
        self.ca, self.cert, self.key = (os.path.join(folder, name) for name in ("ca.pem", "cert.pem", "key.pem"))
        ca_key, request, extensions = (os.path.join(folder, name) for name in ("ca.key", "request.pem", "ext"))
        write(extensions, "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\n")
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        for command in (
            ["req", "-x509", *curve, "-keyout", ca_key, "-out", self.ca, "-subj", "/CN=Bulla test CA", "-days", "2"],
            ["req", *curve, "-keyout", self.key, "-out", request, "-subj", "/CN=127.0.0.1"],
            ["x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-CAcreateserial", "-out", self.cert,
             "-days", "2", "-extfile", extensions],
        ):
            subprocess.run(["openssl", *command], check=True, capture_output=True)


class DockerRegistry:
    """Debian's docker-registry 2.8.2: no referrers API, so evidence goes to the fallback tag.

    auth is None, "htpasswd" (with TLS) or a TokenIssuer; storage is "filesystem" or "inmemory" (which a bench
    uses, because the registry syncs every file to the disk). `host` is what stands in a reference."""

    def __init__(self, auth=None, storage="filesystem"):
        binary = shutil.which("docker-registry")
        if not binary:
            raise Skip("docker-registry is not on this machine: scripts/setup installs it")
        self.folder, self.storage = temp_dir(), storage
        self.certificates = Certificates() if auth == "htpasswd" else None
        for _ in range(3):  # another process may take the port first
            self.port = free_port()
            self.host = f"127.0.0.1:{self.port}"
            log_path = os.path.join(self.folder, "log")
            with open(log_path, "wb") as log:
                process = subprocess.Popen([binary, "serve", self._configure(auth)], stdout=log, stderr=log)
            at_end(lambda process=process: _stop(process))
            if _wait_for_port(self.port, process, log_path):
                return
        raise Failure(f"docker-registry does not start:\n{open(log_path, errors='replace').read()}")

    def _configure(self, auth):
        config = {
            "version": 0.1,
            "log": {"level": "info", "accesslog": {"disabled": False}},
            "storage": {self.storage: {"rootdirectory": os.path.join(self.folder, "data")}, "delete": {"enabled": True},
                        "maintenance": {"uploadpurging": {"enabled": False}}},
            "http": {"addr": self.host, "secret": "of the tests"},
        }
        if self.certificates:
            config["http"]["tls"] = {"certificate": self.certificates.cert, "key": self.certificates.key}
        if auth == "htpasswd":
            lines = b""
            for name, password in (WRITER, READER):
                lines += subprocess.run(["htpasswd", "-Bbn", name, password], check=True, capture_output=True).stdout
            path = write(os.path.join(self.folder, "htpasswd"), lines)
            config["auth"] = {"htpasswd": {"realm": "tests", "path": path}}
        elif auth is not None:
            config["auth"] = {"token": {"realm": auth.url, "service": auth.service, "issuer": auth.issuer,
                                        "rootcertbundle": auth.certificate}}
        # JSON is YAML.
        return write(os.path.join(self.folder, "config.yml"), json.dumps(config))

    def uploads(self):
        """The files of uploads that are neither completed nor cancelled. A cancelled one leaves the state of an
        empty hash behind, by the registry's own doing."""
        root = os.path.join(self.folder, "data")
        paths = [os.path.join(base, name) for base, _, files in os.walk(root) for name in files if "/_uploads/" in base + "/"]
        return sorted(path for path in paths if not path.endswith("/hashstates/sha256/0"))

    def blob_files(self):
        """The digests of all blobs on the registry's disk."""
        root = os.path.join(self.folder, "data", "docker", "registry", "v2", "blobs")
        return sorted(os.path.basename(base) for base, _, files in os.walk(root) if "data" in files)


class ReferrersRegistry:
    """The registry of go-containerregistry with its referrers API switched on; everything in memory."""

    def __init__(self):
        binary = tool("referrers-registry")
        process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        at_end(lambda: _stop(process))
        self.port = int(process.stdout.readline())
        self.host = f"127.0.0.1:{self.port}"
        _wait_for_port(self.port, process, "not kept")


def _serve(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at_end(lambda: (server.shutdown(), server.server_close()))
    return server.server_address[1]


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def chunks(self):
        """A body in chunks (RFC 9112 section 7.1)."""
        body = b""
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except OSError:  # whoever asked has gone
            self.close_connection = True


def _b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenIssuer:
    """A small issuer of Bearer tokens (ES256). writer may push and pull, reader may pull; a token carries
    exactly the scope asked for and allowed, and the registry enforces scope and expiry.

    expired_first: so many tokens are handed out that have expired already. one_repository: a token is good for
    the first repository asked for, and for no other."""

    def __init__(self, expired_first=0, one_repository=False):
        self.one_repository = one_repository
        folder = temp_dir()
        self.key, self.certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                        self.key, "-out", self.certificate, "-subj", "/CN=Bulla test issuer", "-days", "2"],
                       check=True, capture_output=True)
        spki = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        # libtrust, which the registry finds keys by: base32 of 240 bits of the SHA-256, in groups of four.
        name = base64.b32encode(hashlib.sha256(spki).digest()[:30]).decode()
        self.key_id = ":".join(name[i:i + 4] for i in range(0, len(name), 4))
        self.service, self.issuer = "registry of the tests", "issuer of the tests"
        self.expired_left = expired_first
        self.requests = []  # (user or None, scopes)
        issuer = self

        class Handler(_Quiet):
            def do_GET(self):
                status, document = issuer.issue(self.path, self.headers.get("Authorization"))
                self.answer(status, [("Content-Type", "application/json")], json.dumps(document).encode())

        self.url = f"http://127.0.0.1:{_serve(Handler)}/token"

    def issue(self, path, authorization):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
        user = None
        if authorization:
            kind, _, value = authorization.partition(" ")
            name, _, password = base64.b64decode(value).decode().partition(":")
            if kind.lower() != "basic" or (name, password) not in (WRITER, READER):
                self.requests.append(("refused", query.get("scope", [])))
                return 401, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong user or password"}]}
            user = name
        self.requests.append((user, query.get("scope", [])))
        allowed = {WRITER[0]: {"pull", "push"}, READER[0]: {"pull"}}.get(user, set())
        access = []
        for scope in " ".join(query.get("scope", [])).split():
            kind, _, rest = scope.partition(":")
            name, _, actions = rest.rpartition(":")
            granted = sorted(set(actions.split(",")) & allowed)
            if self.one_repository and access and access[0]["name"] != name:
                continue
            if kind == "repository" and granted:
                access.append({"type": kind, "name": name, "actions": granted})
        token = self.sign(access, query.get("service", [""])[0], user or "")
        return 200, {"token": token, "expires_in": 300}

    def sign(self, access, audience, subject):
        now = int(time.time())
        expired, self.expired_left = self.expired_left > 0, max(0, self.expired_left - 1)
        # The registry allows a minute for clocks that differ.
        start = now - 600 if expired else now - 5
        claims = {"iss": self.issuer, "sub": subject, "aud": audience, "iat": start, "nbf": start,
                  "exp": start + 300, "jti": os.urandom(8).hex(), "access": access}
        header = {"typ": "JWT", "alg": "ES256", "kid": self.key_id}
        signed = ".".join(_b64url(json.dumps(part).encode()) for part in (header, claims))
        der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=signed.encode(), check=True, capture_output=True).stdout
        return f"{signed}.{_b64url(_raw_signature(der))}"


def _raw_signature(der):
    """r and s of an ECDSA signature as 64 bytes (RFC 7518 section 3.4), from its DER form."""
    numbers, at = [], 2
    for _ in range(2):
        check(der[at] == 2, "not a DER integer")
        length = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + length], "big"))
        at += 2 + length
    return b"".join(number.to_bytes(32, "big") for number in numbers)


class SilentServer:
    """Accepts connections, sends `at_once`, then `drops`, a byte a second, and otherwise nothing."""

    def __init__(self, at_once=b"", drops=b""):
        self.accepted = threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{listener.getsockname()[1]}"
        ended, open_ones = threading.Event(), []

        def drip(connection):
            try:
                connection.sendall(at_once)
                for byte in drops:
                    if ended.wait(1):
                        return
                    connection.sendall(bytes([byte]))
            except OSError:  # whoever asked has gone
                pass

        def accept():
            while True:
                try:
                    connection = listener.accept()[0]
                except OSError:  # closed at the end
                    return
                open_ones.append(connection)
                self.accepted.set()
                threading.Thread(target=drip, args=(connection,), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        at_end(lambda: (ended.set(), listener.close(), [connection.close() for connection in open_ones]))


class FaultyRegistry:
    """Stands before a registry and passes everything on, except what `fault` answers itself.

    fault(method, path, body) gives None, or (status, headers, body); headers are pairs. `requests` holds
    (method, path, headers) of everything asked."""

    def __init__(self, behind, fault):
        self.requests = []
        outer = self

        class Handler(_Quiet):
            def relay(self):
                chunked = self.headers.get("Transfer-Encoding", "").lower() == "chunked"
                body = self.chunks() if chunked else self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.requests.append((self.command, self.path, dict(self.headers)))
                answer = fault(self.command, self.path, body)
                if answer is None:
                    answer = outer.pass_on(behind, self.command, self.path, self.headers, body)
                if answer == "drop":
                    self.close_connection = True
                    return
                self.answer(*answer)

            do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do_CONNECT = relay

        self.port = _serve(Handler)
        self.host = f"127.0.0.1:{self.port}"

    @staticmethod
    def pass_on(behind, method, path, headers, body):
        connection = http.client.HTTPConnection(behind, timeout=30)
        passed = {name: value for name, value in headers.items() if name.lower() not in ("connection", "content-length", "transfer-encoding", "expect")}
        connection.request(method, path, body=body if body or method in ("PUT", "POST", "PATCH") else None, headers=passed)
        response = connection.getresponse()
        content = response.read()
        kept = [(n, v) for n, v in response.getheaders() if n.lower() not in ("transfer-encoding", "connection", "date")]
        connection.close()
        return response.status, kept, content

    def written(self):
        """The requests that would have changed something."""
        return [(method, path) for method, path, _ in self.requests if method in ("PUT", "POST", "PATCH", "DELETE")]


def docker_config(folder, host, user):
    """Writes a Docker config file with Basic credentials; returns the environment that names it."""
    auth = base64.b64encode(":".join(user).encode()).decode()
    write(os.path.join(folder, "config.json"), json.dumps({"auths": {host: {"auth": auth}}}))
    return {"DOCKER_CONFIG": folder}


def http_request(host, method, path, headers=None, body=None):
    """One plain request, as (status, headers, body)."""
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, path, body=body, headers=headers or {})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, dict(response.getheaders()), content


ACCEPT = {"Accept": ", ".join((
    "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json"))}


def tags_of(host, repository):
    status, _, body = http_request(host, "GET", f"/v2/{repository}/tags/list")
    return sorted(json.loads(body).get("tags") or []) if status == 200 else []


def manifest_of(host, repository, version):
    status, _, body = http_request(host, "GET", f"/v2/{repository}/manifests/{version}", ACCEPT)
    return body if status == 200 else None
