import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { parse } from 'yaml';
import { ROOT } from './repository';

interface Response {
  content?: Record<string, { schema: object }>;
  $ref?: string;
}
export interface OpenApiDocument {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: { responses: Record<string, Response>; schemas: Record<string, object> };
}

/** media/openapi.yaml, and whether answers are as it says. */
export class OpenApi {
  readonly document = parse(readFileSync(join(ROOT, 'media', 'openapi.yaml'), 'utf8'), { merge: true }) as OpenApiDocument;
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor() {
    this.ajv.addSchema(this.document, 'openapi');
  }

  /** @throws AssertionError when the document has no such answer, or another one */
  check(method: string, template: string, status: number, type: string, text: string): void {
    const operation = this.document.paths[template]?.[method.toLowerCase()];
    assert.ok(operation, `${method} ${template} is documented`);
    const given = operation.responses[String(status)];
    assert.ok(given, `${method} ${template} documents ${status}: ${text.slice(0, 300)}`);
    const response = given.$ref === undefined ? given : this.document.components.responses[given.$ref.split('/').at(-1)!]!;
    if (!response.content) {
      assert.equal(text, '');
      return;
    }
    const [mediaType] = type.split(';');
    assert.ok(response.content[mediaType!], `${method} ${template} ${status} documents ${type}`);
    if (mediaType !== 'application/json') return;
    const pointer = given.$ref === undefined ? `/paths/${template.replaceAll('~', '~0').replaceAll('/', '~1')}/${method.toLowerCase()}/responses/${status}` : given.$ref.slice(1);
    const validate = this.ajv.getSchema(`openapi#${encodeURI(pointer)}/content/application~1json/schema`) ?? this.ajv.compile({ $ref: `openapi#${pointer}/content/application~1json/schema` });
    assert.ok(validate(JSON.parse(text)), `${method} ${template} ${status}: ${this.ajv.errorsText(validate.errors)}\n${text.slice(0, 500)}`);
  }
}
