/** When each kept run was registered: what the bounds of age and number are decided by, without asking the file. */
export class RegistrationAges {
  // In order of creation while `sorted`: registrations nearly always come in that order.
  private createdAt = new Map<string, number>();
  private newest = -Infinity;
  private sorted = true;

  get size(): number {
    return this.createdAt.size;
  }

  set(runId: string, createdAt: number): void {
    if (this.createdAt.get(runId) === createdAt) return;
    this.createdAt.delete(runId);
    this.createdAt.set(runId, createdAt);
    if (createdAt < this.newest) this.sorted = false;
    else this.newest = createdAt;
  }

  delete(runId: string): void {
    this.createdAt.delete(runId);
  }

  /** Forgets the runs created before that time. @returns them. */
  expire(createdBefore: number): readonly string[] {
    const expired = [...this.createdAt].filter(([, createdAt]) => createdAt < createdBefore).map(([runId]) => runId);
    for (const runId of expired) this.createdAt.delete(runId);
    return expired;
  }

  /** Forgets all but the newest `count` runs. @returns the forgotten ones. */
  trim(count: number): readonly string[] {
    const excess = this.createdAt.size - count;
    if (excess <= 0) return [];
    if (!this.sorted) {
      this.createdAt = new Map([...this.createdAt].sort(([, a], [, b]) => a - b));
      this.sorted = true;
    }
    const oldest: string[] = [];
    for (const runId of this.createdAt.keys()) {
      if (oldest.length === excess) break;
      oldest.push(runId);
    }
    for (const runId of oldest) this.createdAt.delete(runId);
    return oldest;
  }
}
