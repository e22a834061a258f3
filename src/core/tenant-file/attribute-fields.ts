import {
  type AttributeKind,
  attributeTypes,
  DEFINED_LENGTH_MAX,
  isDefinableName,
} from '../attributes/attribute-definition.ts'
import { complainOfPattern, PATTERN_LENGTH_MAX } from '../attributes/compile-pattern.ts'
import { noAttribute, noPattern } from '../attributes/definition-faults.ts'
import { list, object } from './collection-shapes.ts'
import { oneOf, text, wholeNumber, yesOrNo } from './scalar-shapes.ts'
import { type Fields, optional, required } from './shape.ts'

const examples: Readonly<Record<AttributeKind, string>> = {
  users: 'employee_id',
  organizations: 'extension.cost_center',
}

/** What a tenant may ask of one attribute of its users, or of its organisations. */
function attributeFields(kind: AttributeKind) {
  return {
    name: required(
      text({
        type: 'attribute name',
        normalise: (value) => (isDefinableName(kind, value) ? value : undefined),
        complaint: noAttribute(kind).en,
      }),
      { effect: 'which attribute; `extension.` begins one of your own', example: examples[kind] },
    ),
    type: optional(oneOf(attributeTypes), {
      defaultText: '`text`',
      effect: 'what a value is; only of attributes of your own',
      example: 'text',
    }),
    required: optional(yesOrNo(), {
      defaultText: '`false`',
      effect: 'whether creation needs it, and no change takes it away',
      example: 'true',
    }),
    unique: optional(yesOrNo(), {
      defaultText: '`false`',
      effect:
        'whether one has a value, whatever the case of its letters; not of names and contacts, which are so anyway',
      example: 'true',
    }),
    length_max: optional(wholeNumber(1, DEFINED_LENGTH_MAX), {
      defaultText: 'as the attribute',
      effect: 'most characters of a value',
      example: '20',
    }),
    pattern: optional(
      text({
        type: 'pattern',
        lengthMax: PATTERN_LENGTH_MAX,
        normalise: (value) => (complainOfPattern(value) === undefined ? value : undefined),
        complaint: noPattern.en,
      }),
      {
        defaultText: 'none',
        effect: 'what the whole value must match; matched in bounded time',
        example: "'[A-Z]\\d{5}'",
      },
    ),
  } satisfies Fields
}

export const attributeSections = {
  user_attributes: optional(list(object(attributeFields('users'))), {
    defaultText: 'none',
    effect: 'what is asked of users’ attributes',
    example: '',
  }),
  organization_attributes: optional(list(object(attributeFields('organizations'))), {
    defaultText: 'none',
    effect: 'what is asked of organisations’ attributes',
    example: '',
  }),
} satisfies Fields
