/** A document's fields, where each may be undefined. */
type Loose<Document> = { readonly [Field in keyof Required<Document>]: Document[Field] | undefined };

/** Without the fields that are undefined: in a document, what is not known is absent. */
export const present = <Document extends object>(fields: Loose<Document>): Document =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Document;
