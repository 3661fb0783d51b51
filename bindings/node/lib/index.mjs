// The package kith for ECMAScript modules.
import kith from './index.js';

export const { open, openAsync, openCsv, Crm, CsvReader, KithError, version } = kith;
export default kith;
