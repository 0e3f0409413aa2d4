# SPDX-License-Identifier: Apache-2.0
# An image whose packages rpm itself installed, into SQLite, in two layers: the second upgrades, replaces,
# removes and adds. truth/rpm.json is what `rpm -qa` says, truth/first.json the same of the first layer,
# truth/depends.json which package has what which other requires. The built packages stay in rpms/.
# shellcheck shell=bash
python3 "$here/rpm-sqlite/packages.py" specs
rpmbuild -bb --quiet --define "_topdir $PWD/build" --define "debug_package %{nil}" \
    --define "_buildhost build.invalid" --define "__os_install_post %{nil}" \
    --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
    specs/first/[!g]*.spec specs/first/glibc.spec specs/second/*.spec >&2
rpmbuild -bb --quiet --target i686 --define "_topdir $PWD/build" --define "debug_package %{nil}" \
    --define "_buildhost build.invalid" --define "__os_install_post %{nil}" specs/first/glibc.i686.spec >&2
mkdir rpms
mv build/RPMS/*/*.rpm rpms/
second=(rpms/kernel-5.2-*.rpm rpms/upgraded-2.0-*.rpm rpms/new-name-*.rpm)
mkdir later
mv "${second[@]}" later/

mkdir -p tree/var/lib tree/etc tree/usr/lib truth
printf 'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\nPRETTY_NAME="A test"\n' >tree/usr/lib/os-release
ln -s ../usr/lib/os-release tree/etc/os-release

# Installing means changing the root, which a plain user may do in a namespace of its own.
in_root() { if [ "$(id -u)" = 0 ]; then "$@"; else unshare --map-root-user "$@"; fi; }
rpm_here() {
    in_root rpm --root "$PWD/tree" --dbpath /var/lib/rpm --define '_db_backend sqlite' \
        --define '_pkgverify_level none' "$@" 2> >(grep -v 'does not exist - using root' >&2)
}
install_here() { rpm_here --nodeps --noscripts --nosignature --ignorearch --force-debian "$@" >&2; }

rpm_here --initdb >&2
rpm_here --import "$here/rpm-sqlite/key.asc"
install_here -i rpms/*.rpm
rpm_truth rpm_here >truth/first.json
pack first.tar tree

install_here -i later/kernel-5.2-*.rpm
install_here -U later/upgraded-2.0-*.rpm later/new-name-*.rpm
rpm_here --nodeps --noscripts -e removed >&2
rpm_truth rpm_here >truth/rpm.json
rpm_here -qa --qf '[%{=NAME}-%{=VERSION}\t%{REQUIRENAME}\n]' | sort -u | while IFS=$'\t' read -r package name; do
    rpm_here -q --whatprovides "$name" --qf "$package\t%{NAME}-%{VERSION}\n" || true
done | grep -P '\t' | jq -Rn '[inputs | split("\t") | select(.[0] != .[1])] | unique' >truth/depends.json
pack whole.tar tree

# The second layer: what differs from the first.
mkdir changed
tar -C changed -xf whole.tar
tar -tf first.tar | while read -r path; do
    [ -e "tree/$path" ] || [ -L "tree/$path" ] || { mkdir -p "changed/$(dirname "$path")" && touch "changed/$(dirname "$path")/.wh.$(basename "$path")"; }
done
pack second.tar changed
layout first.tar second.tar
chmod -R u+w build tree changed specs
rm -rf build specs changed whole.tar
