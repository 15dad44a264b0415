/** @type {import('next').NextConfig} */
export default {
  // Any server of files can serve it.
  output: 'export',
  turbopack: { root: import.meta.dirname },
};
