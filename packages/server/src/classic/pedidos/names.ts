/** How the numbers of the classic surface name things of the bank. */

/** `cliente_id` n is the account `cliente:n`. */
export function customerAccount(number: number): string {
  return `cliente:${number}`;
}

/** `produto_id` n is the product `produto:n`. */
export function productSku(number: number): string {
  return `produto:${number}`;
}
