# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian packages of argo/, split as Debian does: the library, what is needed to build with it, the tools for the
# control domain, and what a guest gets.
list(APPEND CPACK_COMPONENTS_ALL argopatch argopatch-dev argo-patch argo-guest)
# dpkg-shlibdeps finds the library that the tools name, and knows that it has no package yet.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/argo)

function(argo_package component name section description)
    string(TOUPPER ${component} upper)
    package_changelog(${component} ${name})
    set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name} PARENT_SCOPE)
    set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
    set(CPACK_DEBIAN_${upper}_PACKAGE_SHLIBDEPS ON PARENT_SCOPE)
    set(CPACK_COMPONENT_${upper}_DESCRIPTION ${description} PARENT_SCOPE)
endfunction()

set(SAME_VERSION "libargopatch1 (= ${PROJECT_VERSION})")
argo_package(argopatch libargopatch1 libs "Library that plugs the cables of Argo on Xen
A cable leads from a domain's port to another domain's; a domain that sends
an Argo message and names no destination sends it by the cable from its own
port. This library sets, clears and lists them, for the control domain.")
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_ARGOPATCH_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/debian/triggers)

argo_package(argopatch-dev libargopatch-dev libdevel "Headers of the library that plugs the cables of Argo on Xen
What it takes to build programs with libargopatch.")
set(CPACK_DEBIAN_ARGOPATCH-DEV_PACKAGE_DEPENDS "${SAME_VERSION}, libxen-dev")
set(CPACK_DEBIAN_ARGOPATCH-DEV_PACKAGE_SHLIBDEPS OFF)

argo_package(argo-patch argo-patch admin "Tools that plug the cables of Argo on Xen
With argo-patch the control domain says to whom a domain's Argo messages go
that name nobody, and argo-patchd keeps the cables of a file in place while
domains are created, rebooted and migrated.")
set(CPACK_DEBIAN_ARGO-PATCH_PACKAGE_DEPENDS "${SAME_VERSION}")
set(CPACK_DEBIAN_ARGO-PATCH_PACKAGE_RECOMMENDS "xen-utils-common")
set(DEBIAN ${CMAKE_CURRENT_LIST_DIR}/debian)
set(CPACK_DEBIAN_ARGO-PATCH_PACKAGE_CONTROL_EXTRA ${DEBIAN}/conffiles ${DEBIAN}/postinst ${DEBIAN}/prerm ${DEBIAN}/postrm)

argo_package(argo-guest argo-guest admin "Messages from a Xen guest by a port of its own
argo-cat sends and receives Argo messages in a Linux guest, which names its
own port and nobody else; with the C files it is made of, to be taken into
other programs and kernels.")
