/** Style sheets that a script imports: esbuild gathers them in a file beside the bundle. */
declare module '*.css';
