import { version } from '../../package.json';

/** Of the package that this router was built from. */
export const ROUTER_VERSION: string = version;
