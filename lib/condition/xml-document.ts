import type { XmlElement } from '../body/xml.ts'

/** A node of an XML document, as the XPath engine walks it. Namespaces are left out: prefixes are the writer's to choose. */
export interface XmlNode {
  /** 1 element, 2 attribute, 3 text, 9 document. */
  readonly nodeType: 1 | 2 | 3 | 9
  readonly nodeName: string
  readonly localName: string | null
  readonly namespaceURI: null
  readonly prefix: ''
  /** Of attributes and texts. */
  readonly data: string
  readonly parentNode: XmlNode | null
  readonly attributes: XmlNode[]
  readonly childNodes: XmlNode[]
  /** Place among the parent's children. */
  readonly index: number
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)

function node (nodeType: XmlNode['nodeType'], name: string, parentNode: XmlNode | null, index: number, data = ''): XmlNode {
  const hasName = nodeType === 1 || nodeType === 2
  return {
    nodeType, nodeName: name, localName: hasName ? local(name) : null, namespaceURI: null, prefix: '', data, parentNode, attributes: [], childNodes: [], index
  }
}

/** The document that an element is the root of. */
export function xmlDocument (root: XmlElement): XmlNode {
  const document = node(9, '#document', null, 0)
  document.childNodes.push(elementNode(root, document, 0))
  return document
}

function elementNode (element: XmlElement, parent: XmlNode, index: number): XmlNode {
  const made = node(1, element.name, parent, index)
  for (const [name, value] of element.attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) made.attributes.push(node(2, name, made, 0, value))
  }
  for (const part of element.content) {
    const at = made.childNodes.length
    made.childNodes.push(typeof part === 'string' ? node(3, '#text', made, at, part) : elementNode(part, made, at))
  }
  return made
}

/** How the engine walks it. */
export const walkXml = {
  getAllAttributes: ({ attributes }: XmlNode): XmlNode[] => attributes,
  getAttribute: ({ attributes }: XmlNode, name: string): string | null => attributes.find(({ localName }) => localName === name)?.data ?? null,
  getChildNodes: ({ childNodes }: XmlNode): XmlNode[] => childNodes,
  getData: ({ data }: XmlNode): string => data,
  getFirstChild: ({ childNodes }: XmlNode): XmlNode | null => childNodes[0] ?? null,
  getLastChild: ({ childNodes }: XmlNode): XmlNode | null => childNodes.at(-1) ?? null,
  getNextSibling: ({ parentNode, index }: XmlNode): XmlNode | null => parentNode?.childNodes[index + 1] ?? null,
  getPreviousSibling: ({ parentNode, index }: XmlNode): XmlNode | null => parentNode?.childNodes[index - 1] ?? null,
  getParentNode: ({ parentNode }: XmlNode): XmlNode | null => parentNode
}

/** The text of a node, with all that is in it (XPath 3.1, "string value"). */
export function textIn (node: XmlNode): string {
  return node.nodeType === 2 || node.nodeType === 3 ? node.data : node.childNodes.map(textIn).join('')
}
