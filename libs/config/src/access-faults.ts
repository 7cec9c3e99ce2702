import type { Fault } from './config-error';
import type { StileConfig } from './stile-config';

type Access = Pick<
  StileConfig,
  | 'host'
  | 'auth'
  | 'insecureOpen'
  | 'publicUrl'
  | 'oidcIssuer'
  | 'oidcAudience'
  | 'oidcClientId'
  | 'oidcTenantClaim'
  | 'oidcDefinitionsClaim'
>;

/** What of the configuration would leave the API open by mistake, or does not go together. Of concern to a process that listens only. */
export function accessFaults(config: Access): Fault[] {
  return [...openFaults(config), ...issuerFaults(config)];
}

export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|\[::1\]|localhost)$/i.test(host);
}

function openFaults({ host, auth, insecureOpen }: Access): Fault[] {
  if (auth || insecureOpen || isLoopback(host)) return [];
  const problem =
    'whoever reaches this address could start, read and cancel everything; set STILE_AUTH=on and make a key with ' +
    '"stile keys create", or STILE_INSECURE_OPEN=on where something before the API lets nobody in';
  return [{ variable: 'STILE_HOST', value: host, problem }];
}

function issuerFaults(config: Access): Fault[] {
  const { auth, publicUrl, oidcIssuer, oidcAudience, oidcClientId } = config;
  const faults: Fault[] = [];
  const fault = (variable: string, problem: string, value?: string): void =>
    void faults.push({ variable, problem, ...(value === undefined ? {} : { value }) });
  if (oidcIssuer !== undefined) {
    const { protocol, hostname } = new URL(oidcIssuer);
    if (protocol !== 'https:' && !isLoopback(hostname))
      fault('STILE_OIDC_ISSUER', 'keys that come over http:// prove nothing; give https://', oidcIssuer);
    if (!auth) fault('STILE_AUTH', 'tokens are looked at only where callers have to say who they are; set STILE_AUTH=on', 'off');
    if (oidcAudience === undefined)
      fault('STILE_OIDC_AUDIENCE', 'without it tokens for other programs would be good here; give the audience');
  }
  const others = [
    ['STILE_OIDC_AUDIENCE', oidcAudience],
    ['STILE_OIDC_CLIENT_ID', oidcClientId],
    ['STILE_OIDC_TENANT_CLAIM', config.oidcTenantClaim],
    ['STILE_OIDC_DEFINITIONS_CLAIM', config.oidcDefinitionsClaim],
  ] as const;
  for (const [variable, value] of others) {
    if (value !== undefined && oidcIssuer === undefined)
      fault(variable, 'is of use with STILE_OIDC_ISSUER only; give that, too', value);
  }
  if (oidcClientId !== undefined && publicUrl === undefined) {
    fault('STILE_PUBLIC_URL', 'the login of the page comes back to it; give the address that browsers have');
  }
  return faults;
}
