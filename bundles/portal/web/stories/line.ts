import { connect, createServer, type Server, type Socket } from 'node:net'
import { NODE } from './browser'

/** A line between the browser and the node that can be cut, or go dead without a word as a mobile network does. */
export class Line {
  readonly url: string
  private readonly server: Server
  private readonly pairs = new Set<[Socket, Socket]>()
  private dead = false

  private constructor(server: Server, port: number) {
    this.server = server
    this.url = `http://127.0.0.1:${port}`
  }

  static async open(): Promise<Line> {
    const { hostname, port } = new URL(NODE)
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const line = new Line(server, (server.address() as { port: number }).port)
    server.on('connection', (near) => {
      if (line.dead) {
        near.pause()
        near.on('error', () => undefined)
        return
      }
      const far = connect(Number(port), hostname)
      const pair: [Socket, Socket] = [near, far]
      line.pairs.add(pair)
      for (const [from, to] of [pair, [far, near] as const]) {
        from.on('data', (bytes) => !line.dead && to.write(bytes))
        from.on('error', () => to.destroy())
        from.on('close', () => {
          to.destroy()
          line.pairs.delete(pair)
        })
      }
    })
    return line
  }

  /** Every connection breaks, and new ones are taken. */
  cut(): void {
    for (const [near, far] of this.pairs) {
      near.destroy()
      far.destroy()
    }
  }

  /** Nothing passes any more, and nobody is told. */
  die(): void {
    this.dead = true
  }

  mend(): void {
    this.dead = false
    this.cut()
  }

  /** Nobody is at the other end any more: what is open breaks, and what is tried anew is refused. A browser tries by itself once more. */
  async leave(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.server.close(resolve))
  }

  async comeBack(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(Number(new URL(this.url).port), '127.0.0.1', resolve))
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
