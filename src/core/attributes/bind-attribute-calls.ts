import type { Store } from '../../store/store.ts'
import type { AttributeCalls } from './attribute-calls.ts'
import {
  changeAttributeDefinition,
  createAttributeDefinition,
  deleteAttributeDefinition,
} from './change-definitions.ts'
import { findAttributeDefinition, listAttributeDefinitions } from './find-definitions.ts'

/** The operations on attribute definitions with what they need already given. */
export function bindAttributeCalls({ store }: { readonly store: Store }): AttributeCalls {
  return {
    listAttributeDefinitions: (caller, kind) => listAttributeDefinitions(store, caller, kind),
    findAttributeDefinition: (caller, kind, name) => findAttributeDefinition(store, caller, kind, name),
    createAttributeDefinition: (caller, kind, given) => createAttributeDefinition(store, caller, kind, given),
    changeAttributeDefinition: (caller, kind, name, changes) =>
      changeAttributeDefinition(store, caller, kind, name, changes),
    deleteAttributeDefinition: (caller, kind, name) => deleteAttributeDefinition(store, caller, kind, name),
  }
}
