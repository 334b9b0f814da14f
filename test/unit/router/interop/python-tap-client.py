"""A client made with Python's `websockets`; prints one JSON object of what it saw of a backend.

Usage: python3 python-tap-client.py URL KEY
"""

import asyncio
import hashlib
import json
import sys

import websockets

URL, KEY = sys.argv[1:3]
LIMIT = 4 * 1024 * 1024


def connect(path="/ws", **options):
    return websockets.connect(URL + path, max_size=LIMIT, ping_interval=None, **options)


def order(**fields):
    return "do " + json.dumps(fields)


async def receive(socket):
    return await asyncio.wait_for(socket.recv(), 10)


def describe(message):
    data = message if isinstance(message, bytes) else message.encode()
    return [type(message).__name__, len(data), hashlib.sha256(data).hexdigest()]


async def pieces(message):
    for at in range(0, len(message), 5):
        yield message[at : at + 5]


async def closing(socket):
    try:
        while True:
            await receive(socket)
    except websockets.ConnectionClosed:
        return [socket.close_code, socket.close_reason]


async def echoes(seen):
    messages = ["text é🙂", b"\x00\xff\x80", "", b"", "x" * 1048576, bytes(range(256)) * 4096, '{"type":"chat"}']
    async with connect(extra_headers={"X-App": "yes"}, subprotocols=["chat.v1", "chat.v9"]) as socket:
        seen["extensions"] = [type(extension).__name__ for extension in socket.extensions]
        seen["subprotocol"] = socket.subprotocol
        for message in messages:
            await socket.send(message)
        seen["echoes"] = [describe(await receive(socket)) for _ in messages]
        seen["sent"] = [describe(message) for message in messages]
        await socket.send(pieces("sent in pieces é🙂"))
        seen["fragments_up"] = await receive(socket)
        await socket.send(pieces(b"bytes in pieces"))
        seen["binary_fragments_up"] = (await receive(socket)).decode()
        await socket.send(order(what="fragments"))
        seen["fragments_down"] = await receive(socket)
        pong = await socket.ping(b"from the client")
        await asyncio.wait_for(pong, 5)
        seen["pong"] = True
        await socket.send(order(what="ping"))
        seen["ping"] = await receive(socket)
        await socket.send(order(what="headers"))
        seen["headers"] = json.loads(await receive(socket))
    async with connect() as socket:
        seen["no_subprotocol"] = socket.subprotocol


async def closes(seen):
    seen["closed_by_backend"] = []
    for code, reason in [(1000, "done"), (1001, ""), (1003, "no"), (1008, "policy"), (1011, "kaputt"), (1012, "restart"), (3000, "lib"), (4001, "é🙂"), (4999, "")]:
        async with connect() as socket:
            await socket.send(order(what="close", code=code, reason=reason))
            seen["closed_by_backend"].append(await closing(socket))
    for code, reason in [(1000, "mine"), (1001, ""), (3001, "lib"), (4002, "ü")]:
        socket = await connect(f"/mine?{KEY}-{code}")
        await socket.close(code, reason)
    socket = await connect(f"/gone?{KEY}")
    socket.transport.abort()
    await asyncio.sleep(0)
    async with connect() as socket:
        await socket.send(order(what="abort"))
        seen["aborted_by_backend"] = (await closing(socket))[0]
    async with connect() as socket:
        for _ in range(100):
            await socket.send(order(what="closes"))
            found = [close for close in json.loads(await receive(socket)) if KEY in close[0]]
            if len(found) == 5:
                break
            await asyncio.sleep(0.05)
        seen["closed_by_client"] = [close[1:] for close in sorted(found) if close[0].startswith("/mine")]
        seen["client_gone"] = [close[1] for close in found if close[0].startswith("/gone")]


async def refusals(seen):
    for name, path in (("forbidden", "/forbidden"), ("plain", "/plain")):
        try:
            async with connect(path):
                seen[name] = "accepted"
        except websockets.InvalidStatusCode as error:
            seen[name] = [error.status_code, error.headers.get("X-Why")]


async def backpressure(seen):
    async with connect(max_queue=1, read_limit=65536) as slow, connect() as other:
        await slow.send(order(what="flood", key=KEY, count=400))
        last = None
        for _ in range(200):
            await other.send(order(what="flooded", key=KEY))
            count = int(await receive(other))
            if count == last and count > 0:
                break
            last = count
            await asyncio.sleep(0.1)
        seen["held_back"] = 0 < last < 300
        total = 0
        for _ in range(400):
            total += len(await receive(slow))
        seen["flooded"] = total


async def main():
    seen = {}
    await echoes(seen)
    await closes(seen)
    await refusals(seen)
    await backpressure(seen)
    print(json.dumps(seen))


asyncio.run(main())
