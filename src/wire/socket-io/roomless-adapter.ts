import { Adapter } from "socket.io-adapter"

/**
 * The adapter for `new Server({ adapter })` of somebody who publishes on topics: it keeps no
 * rooms. The official one keeps two sets and three entries for every socket, for the room of its
 * own that nobody asks for.
 *
 * What needs rooms throws, so that a broadcast that would reach nobody is noticed when written.
 */
export class RoomlessAdapter extends Adapter {
  override addAll(): void {
    return
  }

  override del(): void {
    return
  }

  override delAll(): void {
    return
  }

  override socketRooms(): undefined {
    return undefined
  }

  override broadcast(): never {
    return refuse()
  }

  override broadcastWithAck(): never {
    return refuse()
  }

  override sockets(): never {
    return refuse()
  }

  override fetchSockets(): never {
    return refuse()
  }

  override addSockets(): never {
    return refuse()
  }

  override delSockets(): never {
    return refuse()
  }

  override disconnectSockets(): never {
    return refuse()
  }
}

function refuse(): never {
  throw new Error("there are no rooms of Socket.IO here: publish on a topic")
}
