/** Waiting in turns, so that one group with many items does not stand in the way of all others. @module */

/** What waits below one name of a path. */
class Group<T> {
  /** Items here and in all groups below. */
  size = 0;
  readonly items: T[] = [];
  /** The one whose turn is next stands first. */
  readonly groups = new Map<string, Group<T>>();
}

/**
 * Groups within groups. At every level the groups have turns one after the other, however much waits in each; within the
 * innermost group the order is that of coming. Taking costs one step for each level.
 */
export class FairQueue<T> {
  readonly #root = new Group<T>();

  /** Items that wait below this path; all of them without one. */
  size(path: readonly string[] = []): number {
    return this.#find(path)?.size ?? 0;
  }

  /** Groups with something in them right below this path. */
  groups(path: readonly string[]): number {
    return this.#find(path)?.groups.size ?? 0;
  }

  /** Adds an item to the group at the end of the path, outermost group first. */
  add(path: readonly string[], item: T): void {
    let group = this.#root;
    group.size++;
    for (const name of path) {
      let inner = group.groups.get(name);
      if (!inner) group.groups.set(name, inner = new Group());
      inner.size++;
      group = inner;
    }
    group.items.push(item);
  }

  /** Takes the item whose turn it is; undefined when nothing waits. */
  take(): T | undefined {
    return take(this.#root);
  }

  /**
   * Takes the newest item of the largest group below this path, at every level; of equally large groups the one whose turn
   * is the last. Costs one step for each group that is compared.
   */
  drop(path: readonly string[]): T | undefined {
    let outer = this.#root;
    const above: [Group<T>, string][] = [];
    for (const name of path) {
      const inner = outer.groups.get(name);
      if (!inner) return undefined;
      above.push([outer, name]);
      outer = inner;
    }
    for (let name = largest(outer); name !== undefined; name = largest(outer)) {
      above.push([outer, name]);
      outer = outer.groups.get(name)!;
    }
    const item = outer.items.pop();
    if (item === undefined) return undefined;
    outer.size--;
    for (const [group, name] of above.reverse()) {
      if (group.groups.get(name)!.size === 0) group.groups.delete(name);
      group.size--;
    }
    return item;
  }

  #find(path: readonly string[]): Group<T> | undefined {
    let group: Group<T> | undefined = this.#root;
    for (const name of path) group = group?.groups.get(name);
    return group;
  }
}

function take<T>(group: Group<T>): T | undefined {
  const next = group.groups.entries().next().value;
  if (!next) {
    const item = group.items.shift();
    if (item !== undefined) group.size--;
    return item;
  }
  const [name, inner] = next;
  const item = take(inner);
  group.size--;
  group.groups.delete(name);
  if (inner.size > 0) group.groups.set(name, inner);
  return item;
}

function largest<T>(group: Group<T>): string | undefined {
  let found: { readonly name: string; readonly size: number } | undefined;
  for (const [name, { size }] of group.groups) if (!found || size >= found.size) found = { name, size };
  return found?.name;
}
