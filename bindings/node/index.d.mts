// The types of the package for ECMAScript modules.
export * from './index.js';
import * as kith from './index.js';
export default kith;
