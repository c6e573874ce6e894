# SPDX-License-Identifier: Apache-2.0
# faulty.py - stands before a registry and makes it fail in a given way.
# Usage: faulty.py PORT UPSTREAM-PORT MODE-FILE
# The file has a mode: "pass"; "busy N" (the first N requests get 503);
# "forbid PART" (no upload to paths with PART); "stall" (uploads never end).
import http.client
import http.server
import sys
import threading

port, upstream, mode_file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
UPLOADS = ("POST", "PUT", "PATCH")
KEPT = ("host", "content-type", "accept", "authorization", "content-range")
MOST = 64 * 1024 * 1024
lock = threading.Lock()
answered = {}


def fault(method, path):
    with open(mode_file, encoding="ascii") as f:
        text = f.read().strip()
    mode, _, value = text.partition(" ")
    if mode == "busy":
        with lock:
            answered[text] = answered.get(text, 0) + 1
            return 503 if answered[text] <= int(value) else None
    if mode == "forbid" and method in UPLOADS and value in path:
        return 403
    if mode == "stall" and method in UPLOADS:
        return "stall"
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            length = int(self.headers.get("Content-Length") or 0)
            return self.rfile.read(min(length, MOST))
        data = b""
        while len(data) < MOST:
            size = int(self.rfile.readline(), 16)
            data += self.rfile.read(size)
            self.rfile.readline()
            if not size:
                break
        return data

    def answer(self, status, headers, data):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "connection"):
                self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def relay(self):
        data = self.body()
        what = fault(self.command, self.path)
        if what == "stall":
            threading.Event().wait(60)
            self.close_connection = True
            return
        if what:
            self.answer(what, [], b"")
            return
        up = http.client.HTTPConnection("127.0.0.1", upstream, timeout=60)
        up.request(self.command, self.path, data, {
            k: v for k, v in self.headers.items() if k.lower() in KEPT})
        r = up.getresponse()
        self.answer(r.status, r.getheaders(), r.read())
        up.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = relay

    def log_message(self, *args):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
