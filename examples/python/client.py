"""Follows FORESIGHT's stream and resumes it after every break: nothing is left out, nothing comes twice.

    pip install websockets
    FORESIGHT_TOKEN=$(npx foresight token --tenant demo --role viewer --ttl 24h) python client.py
"""

import asyncio
import json
import os
import random

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

URL = os.environ.get("FORESIGHT_URL", "ws://localhost:8000")
TENANT = os.environ.get("FORESIGHT_TENANT", "demo")
TOKEN = os.environ["FORESIGHT_TOKEN"]
CHANNELS = ["sensor_data", "alerts", "health_scores"]

IDENTITY = {
    "sensor_data": lambda m: (m["data"]["asset_id"], m["data"]["sensor_id"], m["timestamp"]),
    "alerts": lambda m: m["data"]["seq"],
    "health_scores": lambda m: (m["data"]["asset_id"], m["timestamp"]),
}
cursors = {}  # Where each channel goes on. Write it to a file to resume after a restart of this program too.
seen = {channel: {} for channel in CHANNELS}  # What has been here lately, oldest first.


def is_new(message):
    known, identity = seen[message["channel"]], IDENTITY[message["channel"]](message)
    if identity in known:
        return False
    known[identity] = True
    if len(known) > 50_000:
        del known[next(iter(known))]
    return True


def take(message):
    kind, channel = message["type"], message.get("channel")
    if kind == "reset":  # What was missed cannot be replayed: forget the channel, a snapshot follows.
        cursors.pop(channel, None)
        seen[channel].clear()
    elif kind == "snapshot":
        cursors.update(message["cursors"])
        print("snapshot of", len(message["assets"]), "assets and", len(message["alerts"]), "alerts")
    elif "data" in message:
        if is_new(message):
            print(kind, message["timestamp"], json.dumps(message["data"]), flush=True)
        if "cursor" in message:
            cursors[channel] = message["cursor"]
    elif kind in ("error", "conflated"):
        print(message)


async def main():
    # A snapshot of many assets is larger than the 1 MiB that the library accepts unless told.
    address = f"{URL}/ws/dashboard/{TENANT}?token={TOKEN}"
    async for socket in connect(address, max_size=None):  # Comes back by itself, with pauses that grow.
        try:
            await socket.send(json.dumps({"type": "subscribe", "channels": CHANNELS, "cursors": cursors}))
            async for text in socket:
                message = json.loads(text)
                take(message)
                if message.get("code") in ("unavailable", "internal"):
                    break  # The subscription failed; come back and ask again.
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            if code == 1008 or 4400 <= code < 4500:  # Coming back would change nothing.
                raise
        await asyncio.sleep(random.uniform(0.5, 3))


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
    except InvalidStatus as refused:
        raise SystemExit(f"Refused: {refused.response.body.decode()}")
    except ConnectionClosed as closed:
        raise SystemExit(f"Closed for good: {closed}")
