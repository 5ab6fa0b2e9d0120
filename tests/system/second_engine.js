'use strict'
// A broker on top of jspurefix: connects, and again when the connection is lost. Its one argument is the description of a
// session as JSON; orders come as lines on standard input ("order NAME", "logout"), and what the session does goes to
// standard output, a JSON value a line.

require('reflect-metadata')
const readline = require('readline')
const { AsciiSession, EmptyLogFactory, FixMsgStoreRecord, SessionLauncher } = require('jspurefix')

const tell = (event) => process.stdout.write(JSON.stringify(event) + '\n')

class Broker extends AsciiSession {
  constructor (config) {
    super(config)
    this.checkMsgIntegrity = true // what comes is held against its dictionary
    readline.createInterface({ input: process.stdin }).on('line', (line) => this.obey(...line.split(' ')))
  }

  obey (verb, name) {
    if (verb === 'logout') {
      this.done()
      return
    }
    const order = {
      ClOrdID: name,
      Instrument: { Symbol: 'TEST' },
      Side: '1',
      TransactTime: new Date(),
      OrderQtyData: { OrderQty: 100 },
      OrdType: '1'
    }
    // What this engine sends again is what its application has kept.
    this.send('D', order, (error, sent) => error ??
      this.store.put(new FixMsgStoreRecord('D', sent.header.SendingTime, sent.header.MsgSeqNum, order)))
  }

  onApplicationMsg (type, view) {
    const header = view.toObject().StandardHeader
    tell({ event: 'message', type, name: view.getString(11), number: header.MsgSeqNum, again: header.PossDupFlag === true })
  }

  onEncoded (type, text) {
    tell({ event: 'sent', type, text })
  }

  onDecoded (type, text) {
    tell({ event: 'heard', type, text })
  }

  onReady () {
    tell({ event: 'ready' })
  }

  onStopped (error) {
    tell({ event: 'stopped', why: error?.message })
  }

  onLogon () {
    return true
  }
}

class Launcher extends SessionLauncher {
  constructor (description) {
    super(description, null, new EmptyLogFactory())
  }

  makeFactory () {
    return { makeSession: (config) => new Broker(config) }
  }
}

new Launcher(JSON.parse(process.argv[2])).run().then(() => process.exit(0), (error) => {
  tell({ event: 'failed', why: error?.message })
  process.exit(1)
})
