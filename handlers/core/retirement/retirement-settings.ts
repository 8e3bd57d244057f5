export { settingsSchema as retirementSettingsSchema, type Settings as RetirementSettings } from '../settings';
