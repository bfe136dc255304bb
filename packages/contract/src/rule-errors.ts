import type { RefusalCode } from '@lastro/core';
import type { ErrorEntry } from './error-entry.ts';

/** What the rules of `core` refuse with: total over every refusal by the compiler. */
export const RULE_ERRORS: { readonly [Code in RefusalCode]: ErrorEntry } = {
  account_not_found: {
    status: 422,
    retryable: false,
    title: { en: 'Account not found', pt: 'Conta não encontrada' },
    explanation: 'The command names an account that this bank does not have. Open it first.',
  },
  account_exists: {
    status: 409,
    retryable: false,
    title: { en: 'Account id already in use', pt: 'Conta já existe' },
    explanation: 'An account of this id stands. Choose another id, or leave it out.',
  },
  account_frozen: {
    status: 422,
    retryable: false,
    title: { en: 'Account frozen', pt: 'Conta bloqueada' },
    explanation: 'Nothing may leave a frozen account; credits still arrive.',
  },
  account_closed: {
    status: 422,
    retryable: false,
    title: { en: 'Account closed', pt: 'Conta encerrada' },
    explanation: 'Nothing moves on a closed account.',
  },
  system_account: {
    status: 422,
    retryable: false,
    title: { en: 'System account', pt: 'Conta do sistema' },
    explanation:
      'Accounts such as cash:, stock: or sold: belong to the commands that own them; clients can’t open, debit or credit them.',
  },
  asset_mismatch: {
    status: 422,
    retryable: false,
    title: { en: 'Assets differ', pt: 'Moedas diferentes' },
    explanation: 'Both sides of a movement must count the same asset.',
  },
  asset_not_allowed: {
    status: 422,
    retryable: false,
    title: { en: 'Asset not allowed', pt: 'Moeda não permitida' },
    explanation: 'Clients name assets like BRL/2; assets of goods belong to their product.',
  },
  asset_scale_conflict: {
    status: 422,
    retryable: false,
    title: { en: 'Asset has another scale here', pt: 'Moeda com outra escala neste banco' },
    explanation: 'A code has one scale per bank, fixed by the first account that used it.',
  },
  asset_unknown: {
    status: 422,
    retryable: false,
    title: { en: 'Asset unknown', pt: 'Moeda desconhecida' },
    explanation: 'No account of this asset exists yet. Open one first.',
  },
  same_account: {
    status: 422,
    retryable: false,
    title: { en: 'Same account on both sides', pt: 'Mesma conta dos dois lados' },
    explanation: 'A movement needs two different accounts.',
  },
  amount_out_of_range: {
    status: 422,
    retryable: false,
    title: { en: 'Amount out of range', pt: 'Valor fora dos limites' },
    explanation: 'An amount is above zero and at most the bank’s bound (10^12 minor units).',
  },
  balance_out_of_range: {
    status: 422,
    retryable: false,
    title: { en: 'Balance out of range', pt: 'Saldo fora dos limites' },
    explanation: 'The balance would pass what the account may hold (2^53 − 1).',
  },
  insufficient_funds: {
    status: 422,
    retryable: false,
    title: { en: 'Insufficient funds', pt: 'Saldo insuficiente' },
    explanation: 'Less is available on the account than would leave it. Nothing was moved.',
  },
  insufficient_stock: {
    status: 422,
    retryable: false,
    title: { en: 'Insufficient stock', pt: 'Estoque insuficiente' },
    explanation: 'Fewer units of the product (member sku) are free than asked for.',
  },
  id_taken: {
    status: 422,
    retryable: false,
    title: { en: 'Id taken', pt: 'Identificador já usado' },
    explanation: 'The public id is in use. Choose another one.',
  },
  product_not_found: {
    status: 422,
    retryable: false,
    title: { en: 'Product not found', pt: 'Produto não encontrado' },
    explanation: 'The command names a product (member sku) that this bank does not have.',
  },
  product_exists: {
    status: 409,
    retryable: false,
    title: { en: 'Product already exists', pt: 'Produto já existe' },
    explanation: 'A product of this sku stands.',
  },
  price_changed: {
    status: 422,
    retryable: false,
    title: { en: 'Price changed', pt: 'Preço mudou' },
    explanation: 'The order’s total is not the expected one. Look at the prices and order again.',
  },
  merchant_mismatch: {
    status: 422,
    retryable: false,
    title: { en: 'Another merchant', pt: 'Outro lojista' },
    explanation: 'The product (member sku) may be paid to its own merchant only.',
  },
  version_conflict: {
    status: 412,
    retryable: false,
    title: { en: 'Version changed', pt: 'Versão mudou' },
    explanation: 'It was changed since the version in If-Match. Read it again.',
  },
  condition_failed: {
    status: 412,
    retryable: false,
    title: { en: 'Condition failed', pt: 'Condição não satisfeita' },
    explanation:
      'The debited account is not as `ifVersion` or `ifBalanceAtLeast` demands (the member `condition` says which). Read it again and decide anew.',
  },
  hold_not_found: {
    status: 404,
    retryable: false,
    title: { en: 'Hold not found', pt: 'Reserva não encontrada' },
    explanation: 'No hold of this id stands in this bank.',
  },
  hold_ended: {
    status: 422,
    retryable: false,
    title: { en: 'Hold has ended', pt: 'Reserva já encerrada' },
    explanation:
      'The hold was captured, released or has expired, as the member `state` says. What ended stays ended: place a new one.',
  },
  expiry_out_of_range: {
    status: 422,
    retryable: false,
    title: { en: 'Expiry out of range', pt: 'Validade fora dos limites' },
    explanation:
      'A hold expires after now and within 90 days; extending it means later than before.',
  },
  amount_not_allowed: {
    status: 422,
    retryable: false,
    title: { en: 'Amount not allowed', pt: 'Valor não permitido' },
    explanation: 'A hold of several transfers is captured as a whole: leave `amount` out.',
  },
  amount_exceeded: {
    status: 422,
    retryable: false,
    title: { en: 'More than there is', pt: 'Mais do que há' },
    explanation:
      'The amount is above what is left to capture or to move back; the member `remaining` says how much that is.',
  },
  transfer_not_found: {
    status: 404,
    retryable: false,
    title: { en: 'Transfer not found', pt: 'Transferência não encontrada' },
    explanation: 'No transfer of this id stands in this bank.',
  },
  transaction_not_found: {
    status: 404,
    retryable: false,
    title: { en: 'Transaction not found', pt: 'Transação não encontrada' },
    explanation: 'No transaction and no captured group of this id stands in this bank.',
  },
  part_of: {
    status: 422,
    retryable: false,
    title: { en: 'Part of a whole', pt: 'Parte de um todo' },
    explanation:
      'It belongs to the order, transaction, hold or cross-bank transaction (`crossbank`) that `owner` and `id` name and is ended or corrected only with it: cancel the order or reverse the whole transaction.',
  },
  already_reversed: {
    status: 422,
    retryable: false,
    title: { en: 'Already reversed', pt: 'Já estornada' },
    explanation: 'The transaction was moved back before. A transaction is reversed once.',
  },
  order_not_found: {
    status: 404,
    retryable: false,
    title: { en: 'Order not found', pt: 'Pedido não encontrado' },
    explanation: 'No order of this id stands in this bank.',
  },
  order_not_completed: {
    status: 422,
    retryable: false,
    title: { en: 'Order is not completed', pt: 'Pedido não está concluído' },
    explanation:
      'Only a completed order can be cancelled; this one was refused or cancelled, as `orderStatus` says.',
  },
  limit_in_use: {
    status: 422,
    retryable: false,
    title: { en: 'Limit in use', pt: 'Limite em uso' },
    explanation:
      'The limit would cut off what is used or promised already. Bring the balance within it first.',
  },
  account_not_empty: {
    status: 422,
    retryable: false,
    title: { en: 'Account not empty', pt: 'Conta não está vazia' },
    explanation: 'Only an account with a balance of zero and without holds can be closed.',
  },
  account_not_frozen: {
    status: 422,
    retryable: false,
    title: { en: 'Account not frozen', pt: 'Conta não está bloqueada' },
    explanation: 'Only a frozen account can be unfrozen.',
  },
  account_not_closed: {
    status: 422,
    retryable: false,
    title: { en: 'Account not closed', pt: 'Conta não está encerrada' },
    explanation: 'Only a closed account can be reopened.',
  },
  account_leased: {
    status: 423,
    retryable: false,
    title: { en: 'Account leased', pt: 'Conta reservada por outro' },
    explanation:
      'Somebody holds the exclusive right to write this account, or stands in the queue before you. Try again later under a new id, ask for a lease with `wait`, or send the header `Lastro-Lease` with the token of yours.',
  },
  lease_lost: {
    status: 423,
    retryable: false,
    title: { en: 'Lease lost', pt: 'Reserva de conta perdida' },
    explanation:
      'A token in `Lastro-Lease` is not that of a lease which is held on an account of this command: it ran out or was released. Ask for a new lease and read the account again.',
  },
  lease_not_found: {
    status: 404,
    retryable: false,
    title: { en: 'Lease not found', pt: 'Reserva de conta não encontrada' },
    explanation:
      'No lease of this id is held or waited for on this account; it ran out, was released, or never was.',
  },
  lease_queue_full: {
    status: 423,
    retryable: false,
    title: { en: 'Too many wait for this account', pt: 'Muitos esperam por esta conta' },
    explanation: 'A thousand leases of this account are open. Try again later under a new id.',
  },
  funds_held: {
    status: 422,
    retryable: false,
    title: { en: 'Funds are held', pt: 'Saldo comprometido' },
    explanation:
      'The balance would do, but holds that may yet be released stood in the way until the deadline. Try again later under a new id.',
  },
  exposure_exceeded: {
    status: 422,
    retryable: false,
    title: { en: 'Exposure limit exceeded', pt: 'Limite de exposição excedido' },
    explanation:
      'The paying bank would owe the receiving one more than that one allows it (see `lastro peers limit`).',
  },
  consent_required: {
    status: 422,
    retryable: false,
    title: { en: 'Consent required', pt: 'Consentimento necessário' },
    explanation:
      'Another bank debits an account only with a consent that its holder gave at the account’s bank. Name it in `consent`.',
  },
  consent_not_found: {
    status: 404,
    retryable: false,
    title: { en: 'Consent not found', pt: 'Consentimento não encontrado' },
    explanation: 'No consent of this id stands for this account and this bank.',
  },
  consent_expired: {
    status: 422,
    retryable: false,
    title: { en: 'Consent expired', pt: 'Consentimento vencido' },
    explanation: 'The consent’s time is over. Ask for a new one.',
  },
  consent_revoked: {
    status: 422,
    retryable: false,
    title: { en: 'Consent revoked', pt: 'Consentimento revogado' },
    explanation: 'The consent was taken back. Ask for a new one.',
  },
  consent_exceeded: {
    status: 422,
    retryable: false,
    title: { en: 'More than was consented', pt: 'Mais do que foi consentido' },
    explanation: 'Less is left of the consent than this would debit. Ask for a new one.',
  },
  transaction_aborted: {
    status: 422,
    retryable: false,
    title: { en: 'The banks did not agree', pt: 'Os bancos não chegaram a acordo' },
    explanation:
      'The transaction across banks was aborted; nothing moved anywhere. `reason` says why, `bank` whose reason it is, and `transaction` where to read of it: `out_of_time` (not all said yes until the deadline), `too_late`, `decide_by_too_far`, `register_away`, `other_generation` (a bank with another register), `reconciling` (a bank restored from a backup), `below_floor`, `id_reused`, `malformed`. Send it again under a new id.',
  },
};
