// A page's own server in front of the API, which compresses what it may, as Next.js does. node proxy.mjs <base url>; prints its own.
import http from 'node:http';
import compression from 'compression';

const compress = compression();
const server = http.createServer((request, response) =>
    compress(request, response, () => {
        const { method, headers } = request;
        const forwarded = http.request(process.argv[2] + request.url, { method, headers }, answer => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
        });
        forwarded.on('error', error => response.destroy(error));
        request.pipe(forwarded);
    }),
);
server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));
