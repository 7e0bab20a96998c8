// An independent authorization server: rotation, and revocation when a token is reused.
// Says its address as a line of JSON, and every event of its grants after that.

import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const life = Number(process.argv[2]);
const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const url = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(url, {
  clients: [{
    client_id: 'the-app',
    client_secret: 'app-s3cret-4711-of-thirty-two-bytes',
    redirect_uris: ['http://localhost:8734/back'],
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_basic',
  }],
  cookies: { keys: ['a key of the test'] },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (context, interaction) => `/yes/${interaction.uid}` },
  issueRefreshToken: async (context, client, code) => code.scopes.has('offline_access'),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access'],
  ttl: {
    AccessToken: life, AuthorizationCode: 60, Grant: 3600, IdToken: 60,
    Interaction: 60, RefreshToken: 3600, Session: 3600,
  },
});

const issued = [];
provider.on('access_token.saved', (token) => issued.push(token));
provider.on('grant.success', (context) => say({
  event: 'granted', kind: context.oidc.params.grant_type,
}));
provider.on('grant.error', (context, error) => say({
  event: 'refused', kind: context.oidc.params?.grant_type, error: error.error,
  detail: error.error_detail,
}));
provider.on('grant.revoked', () => say({ event: 'revoked' }));

// Whoever comes is the same user, who always says yes, or no where the address says so.
// `/expire` ends every access token that there is.
const answer = provider.callback();
server.on('request', async (request, response) => {
  if (request.url === '/expire') {
    await Promise.all(issued.splice(0).map((token) => token.destroy()));
    response.end();
    return;
  }
  if (request.url === '/mark') {
    say({ event: 'marked' });
    response.end();
    return;
  }
  if (!request.url.startsWith('/yes/')) {
    answer(request, response);
    return;
  }
  const { params, session, grantId } = await provider.interactionDetails(request, response);
  if (params.login_hint === 'no') {
    await provider.interactionFinished(request, response, {
      error: 'access_denied', error_description: 'The user said no.',
    });
    return;
  }
  const grant = (grantId && await provider.Grant.find(grantId))
    || new provider.Grant({ accountId: 'acme', clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  await provider.interactionFinished(request, response, {
    login: { accountId: session?.accountId ?? 'acme' },
    consent: { grantId: await grant.save() },
  });
});

say({ event: 'listening', url });
