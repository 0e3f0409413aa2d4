# SPDX-License-Identifier: Apache-2.0
# The packages of rpm-sqlite in rpm's own format, written and read by a newer rpm: Debian 12's has no ndb. The
# database is where openSUSE keeps it, with a link at the old place.
# shellcheck shell=bash
cp -r "$(base rpm-sqlite)/rpms" "$(base rpm-sqlite)/later" .
printf '%s\n' "$RPM_QUERY" >query
cat >inside <<'SCRIPT'
set -eu
rpm="rpm --dbpath /db --define _db_backend\ ndb --define _pkgverify_level\ none"
eval "$rpm --initdb"
eval "$rpm -i --justdb --nodeps --noscripts --nosignature --ignorearch /rpms/*.rpm"
eval "$rpm -i --justdb --nodeps --noscripts --nosignature --ignorearch /later/kernel-5.2-*.rpm"
eval "$rpm -U --justdb --nodeps --noscripts --nosignature --ignorearch /later/upgraded-2.0-*.rpm /later/new-name-*.rpm"
eval "$rpm -e --justdb --nodeps --noscripts removed"
eval "$rpm -qa --qf '$(cat /query)'" >/db/list
SCRIPT
debian_sources | sed -n 's/ bookworm / trixie /p' | mmdebstrap --quiet --variant=apt --include=rpm --format=null \
    --aptopt='Acquire::Languages "none"' \
    --customize-hook='copy-in rpms later inside query /' --customize-hook='chroot "$1" sh /inside' \
    --customize-hook='copy-out /db .' trixie /dev/null - >&2
mkdir truth
rpm_list_as_json <db/list >truth/rpm.json
mkdir -p tree/etc tree/usr/lib/sysimage/rpm tree/var/lib
cp db/Packages.db tree/usr/lib/sysimage/rpm/
ln -s ../../usr/lib/sysimage/rpm tree/var/lib/rpm
printf 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n' >tree/etc/os-release
pack all.tar tree
layout all.tar
rm -rf rpms later inside query db
