"""A backend made with Python's `websockets`; prints its port, and serves until its input ends."""

import asyncio
import http
import json
import sys

import websockets

closes = []
flooded = {}


async def pieces(text):
    for at in range(0, len(text), 7):
        yield text[at : at + 7]


async def serve(socket):
    try:
        async for message in socket:
            if isinstance(message, bytes) or not message.startswith("do "):
                await socket.send(message)
                continue
            order = json.loads(message[3:])
            if order["what"] == "close":
                await socket.close(order["code"], order.get("reason", ""))
            elif order["what"] == "abort":
                socket.transport.abort()
            elif order["what"] == "fragments":
                await socket.send(pieces("in pieces: é🙂 and so on"))
            elif order["what"] == "ping":
                pong = await socket.ping(b"from the backend")
                await asyncio.wait_for(pong, 5)
                await socket.send("ponged")
            elif order["what"] == "flood":
                flooded[order["key"]] = 0
                for _ in range(order["count"]):
                    await socket.send(b"f" * 262144)
                    flooded[order["key"]] += 1
            elif order["what"] == "flooded":
                await socket.send(str(flooded.get(order["key"], -1)))
            elif order["what"] == "headers":
                await socket.send(json.dumps({"path": socket.path, "subprotocol": socket.subprotocol, "app": socket.request_headers.get("X-App"), "extensions": socket.request_headers.get("Sec-WebSocket-Extensions")}))
            elif order["what"] == "closes":
                await socket.send(json.dumps(closes))
    except websockets.ConnectionClosed:
        pass
    finally:
        closes.append([socket.path, socket.close_code, socket.close_reason])


async def gate(path, headers):
    if path.startswith("/forbidden"):
        return http.HTTPStatus.FORBIDDEN, [("X-Why", "not you"), ("Content-Type", "text/plain")], b"go away \xc3\xa9"
    if path.startswith("/plain"):
        return http.HTTPStatus.OK, [], b"plain http"
    return None


async def main():
    server = await websockets.serve(serve, "127.0.0.1", 0, process_request=gate, subprotocols=["chat.v2", "chat.v1"], max_size=4 * 1024 * 1024, ping_interval=None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
