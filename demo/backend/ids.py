"""IDs of the demo backend, in both formats that are in use, and the mistake that made logs/backend.log."""

import time
import uuid


def composite_run_id(thread_id: str) -> str:
    """thread_13679e4dcc38403a -> thread_13679e4dcc38403a_run_1756919162904_9adf1f09"""
    bare = thread_id.removeprefix("thread_")
    if not bare or "_run_" in bare:
        raise ValueError(f"expected a thread ID such as thread_13679e4dcc38403a, received {thread_id!r}")
    return f"thread_{bare}_run_{int(time.time() * 1000)}_{uuid.uuid4().hex[:8]}"


def legacy_run_id(thread_id: str) -> str:
    """thread_374579bdba3c41b8 -> run_374579bdba3c41b8_5e0c9a17"""
    return f"run_{thread_id.removeprefix('thread_')}_{uuid.uuid4().hex[:8]}"


async def notify_agent_started(manager, run_id: str, agent_name: str) -> bool:
    event = {"type": "agent_started", "run_id": run_id, "agent_name": agent_name, "payload": {"status": "started"}}
    # The mistake: the manager looks for connections of a *thread*. Given thread_13679e4dcc38403a_run_1756919162904_9adf1f09
    # it finds none, although thread_13679e4dcc38403a has one. Hover both.
    return await manager.send_to_thread(run_id, event)
