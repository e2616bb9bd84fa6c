"""
A chat in the terminal over `room-path`: comes into a room, prints what was said and what happens
there, and sends each line that is typed. Needs the package websockets. How to: README.md.

ME      who it is: a username or an id
TOKEN   that user's access token; none is needed where the server trusts client ids
ROOM    the id of a room; without it, a room is made
SERVER  http://localhost:3000
"""

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request
from urllib.parse import quote

import websockets
import websockets.exceptions

SERVER = os.environ.get("SERVER", "http://localhost:3000").rstrip("/")
ME = os.environ.get("ME", "")
TOKEN = os.environ.get("TOKEN", "")


def make_room() -> str:
    """Over REST, which this protocol shares with Parley's own."""
    headers = {"content-type": "application/json"}
    if TOKEN:
        headers["authorization"] = f"Bearer {TOKEN}"
    body = json.dumps({"name": "Made by an example"}).encode()
    request = urllib.request.Request(f"{SERVER}/api/v1/rooms", body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            room = json.load(answer)["id"]
    except urllib.error.HTTPError as error:
        sys.exit(f"the server makes no room ({error.code}): {json.load(error)['detail']}")
    print(f"made the room {room}", flush=True)
    return room


def show(frame: dict) -> None:
    """A system frame with an id was said by somebody; one without tells who came and went."""
    if frame["type"] == "history":
        print(f"* {len(frame['messages'])} messages were there before", flush=True)
        for message in frame["messages"]:
            show(message)
    elif frame["type"] == "error":
        print(f"! {frame['detail']}", flush=True)
    elif "id" in frame:
        print(f"{frame['user']['username']}: {frame['content']}", flush=True)
    else:
        print(f"* {frame['content']}", flush=True)


def is_mine(frame: dict) -> bool:
    user = frame.get("user", {})
    return ME in (user.get("id"), user.get("username"))


async def hear(websocket, answered: asyncio.Semaphore) -> None:
    async for text in websocket:
        frame = json.loads(text)
        show(frame)
        if frame["type"] == "error" or is_mine(frame):
            answered.release()


async def say(websocket, answered: asyncio.Semaphore) -> None:
    """Sends what is typed until that ends. Whoever sends something hears it too."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        frame = {"type": "text", "content": line.rstrip("\n"), "user_id": ME}
        await websocket.send(json.dumps(frame))
        await answered.acquire()


async def main() -> None:
    room = os.environ.get("ROOM") or make_room()
    address = SERVER.replace("http", "ws", 1) + f"/api/v1/ws/{quote(room)}/{quote(ME)}"
    # In the address, where a browser puts it too: headers are called otherwise in each version
    # of the package. Parley logs no tokens.
    async with websockets.connect(f"{address}?token={quote(TOKEN)}" if TOKEN else address) as ws:
        show(json.loads(await ws.recv()))
        answered = asyncio.Semaphore(0)
        hearing = asyncio.create_task(hear(ws, answered))
        saying = asyncio.create_task(say(ws, answered))
        await asyncio.wait([hearing, saying], return_when=asyncio.FIRST_COMPLETED)
        if hearing.done():
            # The other task waits for a key to be pressed.
            print(f"the server hung up ({ws.close_code})", file=sys.stderr, flush=True)
            os._exit(1)


try:
    asyncio.run(main())
except (websockets.exceptions.InvalidHandshake, OSError) as error:
    sys.exit(f"the server did not let us in: {error}. Are ME, TOKEN and ROOM right?")
