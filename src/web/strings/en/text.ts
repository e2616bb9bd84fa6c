export const text = {
  title: "Text",
}
