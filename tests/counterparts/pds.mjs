// The reference server of Bluesky with one account, on this machine. Ends with its standard input.
import { createRequire } from 'module'
import { pathToFileURL } from 'url'
const require = createRequire(process.cwd() + '/')
const { TestNetworkNoAppView } = await import(pathToFileURL(require.resolve('@atproto/dev-env')).href)
const network = await TestNetworkNoAppView.create({ pds: {} })
const { server } = network.pds.getClient().com.atproto
const handle = 'observance.test'
const account = await server.createAccount({ email: 'news@coalition.test', handle, password: 'not-a-real-password' })
const session = { headers: { authorization: `Bearer ${account.data.accessJwt}` }, encoding: 'application/json' }
const { data } = await server.createAppPassword({ name: 'observance' }, session)
console.log(JSON.stringify({ url: network.pds.url, did: account.data.did, handle, password: data.password }))
process.stdin.resume()
process.stdin.on('end', async () => { await network.close(); process.exit(0) })
