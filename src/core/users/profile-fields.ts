/** The text attributes of the contract's user record that nothing here acts on (contract, section 2.1.1), by wire name. */
export const profileFields = [
  'first_name',
  'middle_name',
  'last_name',
  'employee_id',
  'external_id',
  'attr_city',
  'attr_nick_name',
  'attr_area',
  'attr_gender',
  'attr_work_place',
  'attr_identity_type',
  'attr_identity_number',
  'attr_manager_id',
  'attr_birthday',
  'attr_user_type',
  'attr_hire_date',
] as const
export type ProfileField = (typeof profileFields)[number]
/** Stored as `yyyy-MM-dd`. */
export const dateFields: readonly ProfileField[] = ['attr_birthday', 'attr_hire_date']
