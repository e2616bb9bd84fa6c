/** The client's own bundle, which brings its dependencies along, has no types of its own. */
declare module "socket.io-client/dist/socket.io.js" {
  export { io } from "socket.io-client"
}
