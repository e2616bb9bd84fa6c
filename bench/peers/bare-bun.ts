/**
 * The least that Bun can do: publish the frame that came in to everyone in its room, the sender
 * included. What Parley spends beyond this is what authentication, permission, storage,
 * numbering and acknowledgement cost.
 */
type Seat = { readonly room: string }

const server = Bun.serve<Seat>({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, server) {
    const room = new URL(request.url).searchParams.get("room") ?? ""
    if (server.upgrade(request, { data: { room } })) return
    return new Response("expected a WebSocket", { status: 426 })
  },
  websocket: {
    open: (ws) => {
      ws.subscribe(ws.data.room)
    },
    message: (ws, message) => {
      server.publish(ws.data.room, message)
    },
  },
})

console.log(`listening on http://127.0.0.1:${server.port}`)
