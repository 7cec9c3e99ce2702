import { hrefOf, routeOf, type Route } from './routes';

describe('routes', () => {
  it.each<[string, Route]>([
    ['', { view: 'definitions' }],
    ['#/', { view: 'definitions' }],
    ['#/definitions', { view: 'definitions' }],
    ['#/definitions/order', { view: 'definition', name: 'order' }],
    ['#/definitions/order?version=2', { view: 'definition', name: 'order', version: 2 }],
    ['#/definitions/order?version=two', { view: 'definition', name: 'order' }],
    ['#/machines', { view: 'machines', query: '' }],
    ['#/machines?status=failed&tag=a%3Ab', { view: 'machines', query: 'status=failed&tag=a%3Ab' }],
    ['#/machines/p-1', { view: 'machine', id: 'p-1' }],
    ['#/failures', { view: 'failures' }],
    ['#/operations', { view: 'operations' }],
    ['#/operations/7', { view: 'nowhere', hash: '#/operations/7' }],
    ['#/machines/a/b', { view: 'nowhere', hash: '#/machines/a/b' }],
    ['#/elsewhere', { view: 'nowhere', hash: '#/elsewhere' }],
  ])('%s', (hash, route) => {
    expect(routeOf(hash)).toEqual(route);
  });

  it.each<Route>([
    { view: 'definitions' },
    { view: 'definition', name: 'a b/c?d', version: 3 },
    { view: 'machines', query: 'status=failed' },
    { view: 'machine', id: 'a%b#c' },
    { view: 'schedules' },
  ])('finds the way back from $view', (route) => {
    expect(routeOf(hrefOf(route))).toEqual(route);
  });

  it('takes an address that cannot be decoded as it is', () => {
    expect(routeOf('#/machines/100%')).toEqual({ view: 'machine', id: '100%' });
  });
});
