"""A small OpenID Connect provider on this machine, for tests."""

import base64
import http.server
import json
import os
import subprocess
import threading
import time


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    """Issues tokens and publishes its key by discovery. `kid` and `fetches` may be read and changed."""

    def __init__(self, folder):
        self.kid, self.fetches = "k1", 0
        self.key = os.path.join(folder, "key.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                        "-out", self.key], check=True, capture_output=True)
        shown = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True,
                               capture_output=True, text=True).stdout
        self.modulus = bytes.fromhex(shown.strip().removeprefix("Modulus="))
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.fetches += 1
                page = provider.pages().get(self.path)
                self.send_response(404 if page is None else 200)
                self.end_headers()
                self.wfile.write(json.dumps(page).encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.name = self.url.removeprefix("http://")
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def pages(self):
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": base64url(self.modulus), "e": "AQAB"}
        return {"/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": self.url + "/keys"},
                "/keys": {"keys": [key]}}

    def token(self, **changes):
        now = int(time.time())
        claims = {"iss": self.url, "sub": "repo:org/app:ref:refs/heads/main", "aud": "sts.amazonaws.com",
                  "iat": now, "exp": now + 300, **changes}
        header = {"alg": "RS256", "typ": "JWT", "kid": self.kid}
        text = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(),
                                   check=True, capture_output=True).stdout
        return f"{text}.{base64url(signature)}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
