/** Components that are drawn again only when their properties are others. @module */
import { type Component, type FunctionComponent, h } from "preact";

export function memo<P extends object>(inner: FunctionComponent<P>): FunctionComponent<P> {
  function Memo(this: Component<P>, props: P) {
    this.shouldComponentUpdate = (next) => differ(this.props as P, next as P);
    return h(inner, props);
  }
  return Memo as FunctionComponent<P>;
}

function differ(a: object, b: object): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return true;
  return keys.some((key) => (a as Record<string, unknown>)[key] !== (b as Record<string, unknown>)[key]);
}
