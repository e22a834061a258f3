import { type Document, isAlias, isNode, type LineCounter, type Node, visit } from 'yaml'
import type { FileProblem } from './file-problem.ts'

/** Aliases let a small file stand for a large one; an honest file of 5 MiB has far fewer nodes than this. */
const NODES_MAX = 1_000_000

/** A value in the file, and its name for people. */
export interface Place {
  /** Undefined: a key without a value, or nothing at all. */
  readonly node: Node | undefined
  /** Where to point when there is no node. */
  readonly offset: number
  readonly path: string
}

export type Environment = Readonly<Record<string, string | undefined>>

export interface YamlSourceOptions {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
  readonly environment: Environment
}

/** One document while it is read: aliases, places of what was read, and what was found wrong. */
export class YamlSource {
  readonly environment: Environment
  readonly problems: FileProblem[] = []
  readonly warnings: FileProblem[] = []
  readonly #file: string
  readonly #lines: LineCounter
  readonly #aliases: ReadonlyMap<Node, Node>
  readonly #places = new WeakMap<object, Map<string | number, Place>>()
  readonly #partial = new WeakSet<object>()
  #nodesLeft = NODES_MAX

  constructor(options: YamlSourceOptions) {
    this.environment = options.environment
    this.#file = options.file
    this.#lines = options.lines
    this.#aliases = resolveAliases(options.document)
  }

  /** The place of a child: aliases followed. A broken alias is reported and reads as nothing. */
  enter(value: unknown, path: string, offset: number): Place {
    const node = isNode(value) ? value : undefined
    const place = { node, offset: node?.range?.[0] ?? offset, path }
    this.#nodesLeft -= 1
    if (this.#nodesLeft < 0) {
      this.reportOnce('aliases make the file too large: write the values out', place)
      return { ...place, node: undefined }
    }
    if (!isAlias(node)) {
      return place
    }
    const target = this.#aliases.get(node)
    if (target === undefined) {
      this.report(
        place,
        `*${node.source} names no anchor before it: add &${node.source} there, or put the text in quotes`,
      )
    }
    return { ...place, node: target }
  }

  get isExhausted(): boolean {
    return this.#nodesLeft < 0
  }

  report(place: Place, message: string): void {
    this.problems.push(this.#at(place, message))
  }

  warn(place: Place, message: string): void {
    this.warnings.push(this.#at(place, message))
  }

  /** Remembers where a part of what was read stands; `''` is the thing itself. */
  remember(owner: object, key: string | number, place: Place): void {
    const places = this.#places.get(owner) ?? new Map<string | number, Place>()
    this.#places.set(owner, places.set(key, place))
  }

  /** Where a part stands; of a part that the file leaves out, where its owner stands. */
  placeOf(owner: object, key: string | number = ''): Place {
    const places = this.#places.get(owner)
    return places?.get(key) ?? places?.get('') ?? { node: undefined, offset: 0, path: '' }
  }

  /** A list of which some items could not be read: nobody may conclude what it lacks. */
  markPartial(list: object): void {
    this.#partial.add(list)
  }

  isPartial(list: object | null | undefined): boolean {
    return list !== null && list !== undefined && this.#partial.has(list)
  }

  private reportOnce(message: string, place: Place): void {
    if (!this.problems.some((problem) => problem.message === message)) {
      this.report(place, message)
    }
  }

  #at(place: Place, message: string): FileProblem {
    const { line, col } = this.#lines.linePos(place.offset)
    return { file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), path: place.path, message }
  }
}

/** Each alias with the last anchor of its name before it; one walk, where the library's own look-up walks for every alias. */
function resolveAliases(document: Document): ReadonlyMap<Node, Node> {
  const anchors = new Map<string, Node>()
  const targets = new Map<Node, Node>()
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source)
        if (target !== undefined) {
          targets.set(node, target)
        }
      } else if ('anchor' in node && typeof node.anchor === 'string') {
        anchors.set(node.anchor, node)
      }
    },
  })
  return targets
}
