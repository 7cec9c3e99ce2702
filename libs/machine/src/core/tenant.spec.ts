import { childId } from './child-id';
import { isTenant, tenantOf } from './tenant';

const RUN = '0b9f2f9e-7a37-4b43-9a7d-6b2d63b4d9b1';

describe('tenantOf', () => {
  it.each([
    ['acme.order-17', 'acme'],
    ['acme.a.b', 'acme'],
    ['A_c-9.x', 'A_c-9'],
    ['12345678901234567890.x', '12345678901234567890'],
    ['123456789012345678901.x', undefined],
    ['order-17', undefined],
    ['.order', undefined],
    [`${RUN}.parcels.0`, undefined],
    ['', undefined],
  ])('%s: %s', (id, tenant) => expect(tenantOf(id)).toBe(tenant));

  it('takes as names what ids can begin with', () => {
    expect(['acme', 'a', '12345678901234567890', 'a.b', '', '123456789012345678901', 'a b'].map(isTenant)).toEqual([
      ...[true, true, true],
      ...[false, false, false, false],
    ]);
  });
});

describe('childId', () => {
  it("is of its parent's tenant, through all generations", () => {
    const child = childId({ correlationId: 'acme.order-17', runId: RUN }, 'parcels', 3);
    expect(child).toBe(`acme.${RUN}.parcels.3`);
    expect(childId({ correlationId: child, runId: RUN }, 'x', 0)).toBe(`acme.${RUN}.x.0`);
    expect(childId({ correlationId: 'order-17', runId: RUN }, 'parcels', 3)).toBe(`${RUN}.parcels.3`);
  });

  it('is a name at its longest', () => {
    expect(childId({ correlationId: `${'t'.repeat(20)}.x`, runId: RUN }, 'g'.repeat(64), 19_999)).toHaveLength(128);
  });
});
