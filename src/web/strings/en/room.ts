export const room = {
  title: "Room",
}
