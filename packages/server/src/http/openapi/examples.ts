const AT = '2026-03-02T14:05:09.120Z';
const TRANSFER_ID = '0195573c-8a10-7b52-9c0e-3f6a1d2b4c5e';
const HOLD_ID = '0195573c-9022-7a10-b1de-77c0a4f3e2d1';
const ORDER_ID = '0195573c-9f44-7c1d-8a77-5b2e9d0c1f3a';

const CROSS_BANK_ID = 'alfa/0195573c-d5e6-7061-8c7d-8e9f0a1b2c3d';
const CONSENT_ID = '0195573c-e7f8-7172-8d8e-9f0a1b2c3d4e';

/** Without ids: who tries it twice in the explorer wants two transfers, not the first one again. */
const TRANSFER_REQUEST = {
  from: 'ana',
  to: 'bruno',
  amount: 1_500,
  metadata: { note: 'lunch' },
};

const TRANSFER = {
  id: TRANSFER_ID,
  ...TRANSFER_REQUEST,
  status: 'posted',
  asset: 'BRL/2',
  seq: 41,
  at: AT,
};

/** One example for each main thing of the API, by the name of its component. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  AccountRequest: { id: 'ana', asset: 'BRL/2' },
  Account: {
    id: 'ana',
    asset: 'BRL/2',
    balance: 8_500,
    held: 0,
    available: 8_500,
    creditLimit: 0,
    maximumBalance: null,
    leasedUntil: null,
    status: 'open',
    version: 3,
    createdAt: AT,
    metadata: {},
  },
  LeaseRequest: { owner: 'month-end closing', ttl: 60, wait: 10 },
  Lease: {
    id: '0195573c-b1c2-7e3f-8a4b-5c6d7e8f9a0b',
    account: 'ana',
    owner: 'month-end closing',
    token: 4_711,
    expiresAt: AT,
  },
  TransferRequest: TRANSFER_REQUEST,
  Transfer: TRANSFER,
  CashRequest: { account: 'ana', amount: 10_000 },
  BatchRequest: {
    transfers: [
      { from: 'ana', to: 'bruno', amount: 100 },
      { from: 'ana', to: 'carla', amount: 200 },
    ],
  },
  Batch: { results: [{ id: TRANSFER_ID, status: 'posted' }, { code: 'insufficient_funds' }] },
  TransactionRequest: {
    transfers: [
      { from: 'ana', to: 'bruno', amount: 1_000 },
      { from: 'ana', to: 'taxes', amount: 50 },
    ],
  },
  CrossBankPending: {
    status: 'pending',
    command: '0195573c-c3d4-7f50-8b6c-7d8e9f0a1b2c',
    transaction: CROSS_BANK_ID,
  },
  CrossBankTransaction: {
    id: CROSS_BANK_ID,
    state: 'committed',
    coordinator: 'alfa',
    legs: [{ from: 'alfa/ana', to: 'beta/bruno', amount: 1_500, asset: 'BRL/2' }],
    votes: [
      { bank: 'alfa', vote: 'yes' },
      { bank: 'beta', vote: 'yes' },
    ],
    decision: 'commit',
    decideBy: '2026-03-02T14:05:14.100Z',
    preparedAt: AT,
    decidedAt: '2026-03-02T14:05:09.150Z',
    rebuilt: false,
    settled: true,
    seq: 44,
  },
  ConsentRequest: {
    account: 'ana',
    bank: 'beta',
    amount: 10_000,
    uses: 'total',
    expiresAt: '2027-01-01T00:00:00Z',
  },
  Consent: {
    id: CONSENT_ID,
    account: 'ana',
    bank: 'beta',
    amount: 10_000,
    uses: 'total',
    remaining: 8_500,
    state: 'standing',
    expiresAt: '2027-01-01T00:00:00.000Z',
    seq: 45,
    at: AT,
  },
  AccountChange: { creditLimit: 50_000 },
  StatusRequest: { reason: 'asked for by its owner' },
  SingleHoldRequest: { from: 'ana', to: 'hotel', amount: 30_000, ttl: 86_400 },
  GroupHoldRequest: {
    transfers: [
      { from: 'ana', to: 'hotel', amount: 30_000 },
      { from: 'ana', to: 'taxes', amount: 1_500 },
    ],
  },
  Hold: {
    id: HOLD_ID,
    state: 'captured',
    transfers: [{ from: 'ana', to: 'hotel', amount: 30_000, asset: 'BRL/2', metadata: {} }],
    expiresAt: '2026-03-03T14:05:09.120Z',
    seq: 43,
    at: AT,
    endedSeq: 57,
    endedAt: '2026-03-02T19:40:00.003Z',
    captured: [{ id: TRANSFER_ID, amount: 27_500 }],
  },
  CaptureRequest: { amount: 27_500 },
  ExtensionRequest: { ttl: 172_800 },
  ReversalRequest: { amount: 500, metadata: { note: 'one lunch too many' } },
  ProductRequest: {
    sku: 'coffee-500g',
    name: 'Coffee, 500 g',
    price: 3_290,
    asset: 'BRL/2',
    stock: 40,
  },
  Product: {
    sku: 'coffee-500g',
    name: 'Coffee, 500 g',
    price: 3_290,
    asset: 'BRL/2',
    merchant: null,
    stock: 40,
    reserved: 0,
    sold: 0,
    version: 1,
  },
  ProductChange: { price: 2_990 },
  ReceiptRequest: { quantity: 20 },
  AdjustmentRequest: { quantity: -2, reason: 'broken in transport' },
  OrderRequest: {
    customer: 'ana',
    merchant: 'shop',
    lines: [{ sku: 'coffee-500g', quantity: 2 }],
    expectedTotal: 6_580,
  },
  Order: {
    id: ORDER_ID,
    status: 'completed',
    customer: 'ana',
    merchant: 'shop',
    asset: 'BRL/2',
    lines: [
      {
        sku: 'coffee-500g',
        name: 'Coffee, 500 g',
        unitPrice: 3_290,
        quantity: 2,
        total: 6_580,
      },
    ],
    total: 6_580,
    transactionId: ORDER_ID,
    seq: 42,
    at: AT,
  },
  ApiKeyRequest: { name: 'till 3', scope: 'write' },
  PeerRequest: { bank: 'beta', limits: [{ asset: 'BRL/2', exposure: 5_000_000 }] },
  PeerLimitRequest: {
    limits: [{ asset: 'BRL/2', exposure: 10_000_000, inFlight: 2_000_000 }],
    inFlightMax: 100,
  },
  Peer: {
    bank: 'beta',
    url: 'https://beta.example:4000',
    state: 'online',
    lastContactAt: AT,
    trouble: null,
    keys: [
      {
        keyId: 'beta#If4x36FUo_sN8jMi',
        publicKey: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        fingerprint: 'SHA256:If4x36FUo/sN8jMiB/hMQdfCGJ9VKNgG7LuOpw4rY0k',
        state: 'valid',
      },
    ],
    inFlight: { count: 3, max: 256, values: [{ asset: 'BRL/2', value: 12_000, max: 2_000_000 }] },
    addedAt: AT,
  },
  PeerPosition: {
    bank: 'beta',
    state: 'online',
    lastContactAt: AT,
    positions: [
      {
        asset: 'BRL/2',
        position: -300_000,
        exposureLimit: 10_000_000,
        available: 9_700_000,
        promisedIn: 0,
        promisedOut: 0,
      },
    ],
    inFlight: [],
  },
  SettlementRequest: {
    asset: 'BRL/2',
    amount: 300_000,
    account: 'settlement',
    peerAccount: 'settlement',
  },
  OrderReport: {
    data: [
      { key: 'coffee-500g', orders: 12, completed: 11, refused: 1, cancelled: 0, total: 72_380 },
      { key: 'tea-100g', orders: 4, completed: 3, refused: 0, cancelled: 1, total: 5_970 },
    ],
  },
  Problem: {
    type: '/errors#insufficient_funds',
    title: 'Insufficient funds',
    status: 422,
    code: 'insufficient_funds',
    retryable: false,
    account: 'ana',
    requestId: '0195573c-b0aa-7d0e-9d55-c1a2b3d4e5f6',
  },
};
