"""A client and an agent made with Python's `websockets`; prints one JSON object of what it saw.

Usage: python3 python-client.py CLIENT_URL AGENT_URL TOKEN
"""

import asyncio
import json
import sys

import websockets

CLIENT_URL, AGENT_URL, TOKEN = sys.argv[1:4]
THREAD = "thread_13679e4dcc38403a"
RUN = THREAD + "_run_1756919162904_9adf1f09"
OTHER_THREAD = "thread_374579bdba3c41b8"


def event(payload, run_id=RUN, **more):
    return json.dumps(
        {
            "type": "agent_thinking",
            "run_id": run_id,
            "agent_name": "triage",
            "timestamp": "2026-01-02T03:04:05.678Z",
            "payload": payload,
            **more,
        },
        ensure_ascii=False,
    )


async def receive(socket):
    return json.loads(await asyncio.wait_for(socket.recv(), 5))


async def close_code(socket):
    try:
        while True:
            await asyncio.wait_for(socket.recv(), 5)
    except websockets.ConnectionClosed:
        return [socket.close_code, socket.close_reason]


async def deliver(seen):
    # compression is on by default in this library: the router has to decline it
    async with websockets.connect(f"{CLIENT_URL}?thread_id={THREAD}&user_id=py") as client:
        seen["hello"] = await receive(client)
        seen["extensions"] = [type(extension).__name__ for extension in client.extensions]
        async with websockets.connect(AGENT_URL, extra_headers={"Authorization": f"Bearer {TOKEN}"}) as agent:
            sent = event({"text": "é🙂", "n": 1})
            await agent.send(sent)
            seen["unchanged"] = await asyncio.wait_for(client.recv(), 5) == sent
            await agent.send(event({"n": 2}, request_id="r-2"))
            seen["receipt"] = await receive(agent)
            seen["delivered"] = await receive(client)

            # an iterable is sent as fragments of one message
            pieces = json.dumps({"type": "ping", "id": "fragments é🙂"}, ensure_ascii=False)
            await client.send([pieces[at : at + 3] for at in range(0, len(pieces), 3)])
            seen["fragments"] = await receive(client)

            await client.send("x")
            seen["fault"] = await receive(client)
            await client.send(b"\x00\x01")
            seen["binary"] = await receive(client)

            pong = await client.ping(b"hello")
            await asyncio.wait_for(pong, 5)
            seen["pong"] = True

            for n in range(10):
                await agent.send(event({"n": n}, run_id=OTHER_THREAD + "_run_1756919162904_9adf1f09", request_id=n))
            seen["queued"] = [(await receive(agent))["outcome"] for _ in range(10)]
            await client.send(json.dumps({"type": "switch_thread", "thread_id": OTHER_THREAD}))
            messages = [await receive(client) for _ in range(11)]
            seen["flushed"] = [m["payload"]["n"] for m in messages if m["type"] == "agent_thinking"]


async def refused(seen):
    try:
        async with websockets.connect(AGENT_URL):
            seen["refused"] = "not"
    except websockets.InvalidStatusCode as error:
        seen["refused"] = error.status_code


async def closes(seen):
    async with websockets.connect(CLIENT_URL, compression=None) as client:
        await receive(client)
        await client.send("x" * (1024 * 1024 + 1))
        seen["too_large"] = await close_code(client)
    client = await websockets.connect(CLIENT_URL)
    await client.close(4002, "done")
    seen["own_close"] = [client.close_code, client.close_reason]


async def main():
    seen = {"library": websockets.__version__ if hasattr(websockets, "__version__") else "unknown"}
    await deliver(seen)
    await refused(seen)
    await closes(seen)
    print(json.dumps(seen))


asyncio.run(main())
