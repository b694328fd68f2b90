// A socket that comes back by itself. `url` is asked anew for each try, so it can say what was seen last.

export interface Tail {
  close(): void;
}

export function tail(url: () => string, receive: (message: Record<string, unknown>) => void): Tail {
  let closed = false;
  let wait = 500;
  let socket: WebSocket;
  const open = (): void => {
    const address = new URL(url(), location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(address);
    socket.addEventListener("open", () => (wait = 500));
    socket.addEventListener("message", (event) => receive(JSON.parse(event.data as string)));
    socket.addEventListener("close", () => {
      if (closed) return;
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 10_000);
    });
  };
  open();
  return {
    close: () => {
      closed = true;
      socket.close();
    },
  };
}
