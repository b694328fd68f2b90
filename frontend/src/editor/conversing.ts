// A connection for one request: closing it stops the work, and completions do not wait for it.
export class Conversation<Answer extends { kind: string }> {
  private socket: WebSocket | null = null;

  constructor(
    private readonly address: string,
    private readonly receive: (answer: Answer) => void,
    private readonly lost: () => void,
  ) {}

  // Ask, in place of what was asked before.
  ask(request: object): void {
    this.close();
    const address = new URL(this.address, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener("open", () => socket.send(JSON.stringify(request)));
    socket.addEventListener("message", (event) => {
      if (socket !== this.socket) return;
      const answer = JSON.parse(event.data as string) as Answer;
      if (answer.kind !== "progress") this.close();
      this.receive(answer);
    });
    socket.addEventListener("close", () => {
      if (socket === this.socket) this.lost();
    });
  }

  close(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
