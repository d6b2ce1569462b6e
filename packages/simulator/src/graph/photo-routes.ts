import type { Photo } from '../directory/directory-objects.js';
import { withComment } from '../directory/made-up-photo.js';
import { json, type SimulatedResponse } from '../http/exchange.js';
import { type Route, route, type RouteHandler } from '../http/router.js';
import { randomFrom } from '../random.js';
import { context, denied, type GraphContext, refuse } from './graph-context.js';
import { findUser } from './user-routes.js';
import type { View } from './views.js';

/** The squares Microsoft keeps; those above the uploaded original do not exist. */
const sizes = [48, 64, 96, 120, 240, 360, 432, 504, 648];

const noPhoto = (): never =>
  refuse(
    404,
    'ImageNotFound',
    'Exception of type Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException was thrown.',
  );

const photoOf = (graph: GraphContext, key: string): Photo | undefined => {
  if (!graph.directory.permitted('users')) denied();
  return findUser(graph, key).photo;
};

const metadata = (photo: Photo, width: number, height: number): View => ({
  '@odata.mediaContentType': photo.contentType,
  '@odata.mediaEtag': photo.etag,
  id: `${width}X${height}`,
  width,
  height,
});

const bytes = (photo: Photo, content: Buffer): SimulatedResponse => ({
  status: 200,
  headers: { 'content-type': photo.contentType, etag: photo.etag },
  body: content,
});

const one =
  (graph: GraphContext): RouteHandler =>
  ({ parameters: [key = ''] }) => {
    const photo = photoOf(graph, key);
    const entity = { '@odata.context': context(graph, `users('${encodeURIComponent(key)}')/photo/$entity`) };
    if (photo !== undefined) return json(200, { ...entity, ...metadata(photo, photo.width, photo.height) });
    const pixel = randomFrom(graph.seed, `photo/${key}`).chance(0.3) ? '1x1' : '404';
    if ((graph.behaviour.missingPhoto ?? pixel) === '404') return noPhoto();
    return json(200, {
      ...entity,
      '@odata.mediaContentType': 'image/gif',
      '@odata.mediaEtag': '',
      id: '1X1',
      width: 1,
      height: 1,
    });
  };

const original =
  (graph: GraphContext): RouteHandler =>
  ({ parameters: [key = ''] }) => {
    const photo = photoOf(graph, key);
    return photo === undefined ? noPhoto() : bytes(photo, photo.bytes);
  };

const available = (photo: Photo): ReadonlyArray<number> =>
  sizes.filter((size) => size <= Math.max(photo.width, photo.height));

const list =
  (graph: GraphContext): RouteHandler =>
  ({ parameters: [key = ''] }) => {
    const photo = photoOf(graph, key);
    return json(200, {
      '@odata.context': context(graph, `users('${encodeURIComponent(key)}')/photos`),
      value: photo === undefined ? [] : available(photo).map((size) => metadata(photo, size, size)),
    });
  };

const sized = (photo: Photo | undefined, name: string): { readonly photo: Photo; readonly size: number } => {
  const size = Number(/^(\d+)x\1$/i.exec(name)?.[1] ?? 0);
  return photo !== undefined && available(photo).includes(size) ? { photo, size } : noPhoto();
};

const oneSize =
  (graph: GraphContext): RouteHandler =>
  ({ parameters: [key = '', name = ''] }) => {
    const { photo, size } = sized(photoOf(graph, key), name);
    return json(200, metadata(photo, size, size));
  };

const bytesOfSize =
  (graph: GraphContext): RouteHandler =>
  ({ parameters: [key = '', name = ''] }) => {
    const { photo, size } = sized(photoOf(graph, key), name);
    return bytes(photo, photo.contentType === 'image/jpeg' ? withComment(photo.bytes, `${size}`) : photo.bytes);
  };

export const photoRoutes = (graph: GraphContext): ReadonlyArray<Route> => [
  route('GET', 'users/:/photo', one(graph)),
  route('GET', 'users/:/photo/$value', original(graph)),
  route('GET', 'users/:/photos', list(graph)),
  route('GET', 'users/:/photos/:', oneSize(graph)),
  route('GET', 'users/:/photos/:/$value', bytesOfSize(graph)),
];
