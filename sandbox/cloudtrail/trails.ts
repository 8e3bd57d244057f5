/** Which trails are logging; moto keeps the rest of them. */
export class Trails {
  private readonly logging = new Set<string>();

  start(name: string): void {
    this.logging.add(name);
  }

  stop(name: string): void {
    this.logging.delete(name);
  }

  get someoneIsLogging(): boolean {
    return this.logging.size > 0;
  }
}
