#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Clients of a forwarded port, for 16-forward.sh.

echo PORT MEGABYTES   sends them to an echo; they must come back; prints MB/s
many PORT COUNT       so many connections at once, each with bytes of its own
until-reset PORT      an echo that goes on until it is reset; 30 s at most
"""
import hashlib
import os
import socket
import sys
import threading
import time


def connect(port):
    s = socket.create_connection(("127.0.0.1", port), 30)
    s.settimeout(60)
    return s


def echo(port, megabytes):
    block = os.urandom(1 << 20)
    sent, got, left = hashlib.sha256(), hashlib.sha256(), megabytes << 20
    with connect(port) as s:
        def send():
            for _ in range(megabytes):
                s.sendall(block)
                sent.update(block)
        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        while left:
            data = s.recv(1 << 18)
            if not data:
                raise OSError("%d bytes are missing" % left)
            got.update(data)
            left -= len(data)
        sender.join(60)
    if got.digest() != sent.digest():
        raise OSError("the checksums differ")


def many(port, count):
    bad = []
    ready = threading.Barrier(count)

    def one():
        try:
            with connect(port) as s:
                for _ in range(2):
                    text = os.urandom(5000)
                    s.sendall(text)
                    data = b""
                    while len(data) < len(text):
                        more = s.recv(1 << 16)
                        if not more:
                            raise OSError("it ended")
                        data += more
                    if data != text:
                        raise OSError("other bytes came back")
                    ready.wait(60)
        except Exception as e:
            bad.append(repr(e))
            ready.abort()
    threads = [threading.Thread(target=one) for _ in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(90)
    if bad:
        raise OSError("%d of %d: %s" % (len(bad), count, bad[0]))


def until_reset(port):
    end = time.time() + 30
    with connect(port) as s:
        try:
            while time.time() < end:
                s.sendall(b"x" * 1000)
                if not s.recv(1 << 16):
                    print("ended")
                    return
        except ConnectionResetError:
            print("reset")
            return
    raise OSError("it went on")


began = time.time()
verb, port = sys.argv[1], int(sys.argv[2])
if verb == "echo":
    echo(port, int(sys.argv[3]))
    print("%.1f" % (int(sys.argv[3]) / (time.time() - began)))
elif verb == "many":
    many(port, int(sys.argv[3]))
else:
    until_reset(port)
