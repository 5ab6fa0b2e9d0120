#!/bin/sh
# Certificates to try TLS with, for a week: a CA, the gateway's and a broker's, and
# the list of what the CA has revoked (nothing).
#     config/examples/make-tls.sh [FOLDER]     (default: tls beside this file)
set -eu
folder=${1:-$(dirname "$0")/tls}
mkdir -p "$folder"
cd "$folder"
umask 077

# sign NAME SUBJECT EXTENSIONS
sign() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "$2" -out "$1.csr" 2>/dev/null
    printf '%s\n' "$3" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 7 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
    rm "$1.csr" "$1.ext"
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -subj "/CN=Example CA" -days 7 -out ca.pem 2>/dev/null
sign gateway "/CN=gateway" "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
sign broker "/CN=Broker Alpha" "subjectAltName=URI:fix:BRKALPHA"
: >index.txt
printf '[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=7\n' >ca.conf
openssl ca -config ca.conf -gencrl -keyfile ca.key -cert ca.pem -out revoked.pem 2>/dev/null
rm -f ca.conf index.txt* ./*.srl
ls -1
