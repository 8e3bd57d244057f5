interface Trail {
  readonly homeRegion: string;
  readonly everyRegion: boolean;
  readonly managementEvents: boolean;
  readonly logging: boolean;
}

/** What trails log; moto keeps the rest of them. */
export class Trails {
  private readonly byName = new Map<string, Trail>();

  create(name: string, homeRegion: string, everyRegion: boolean): void {
    this.byName.set(name, { homeRegion, everyRegion, managementEvents: true, logging: false });
  }

  change(name: string, changes: Partial<Omit<Trail, 'homeRegion'>>): void {
    const trail = this.byName.get(name);
    if (trail) this.byName.set(name, { ...trail, ...changes });
  }

  delete(name: string): void {
    this.byName.delete(name);
  }

  /** Whether EventBridge gets to know of what is called in a region. */
  logIn(region: string): boolean {
    return [...this.byName.values()].some(
      ({ homeRegion, everyRegion, managementEvents, logging }) =>
        logging && managementEvents && (everyRegion || homeRegion === region),
    );
  }
}
