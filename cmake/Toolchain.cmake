# How the compiler and the linker are called, whatever is built.

# Bounds of the standard library's containers are checked in every build: a broken bound must stop, not corrupt.
add_compile_definitions(_GLIBCXX_ASSERTIONS)

# Hardening of what is shipped. Sanitizer builds have their own checks, which _FORTIFY_SOURCE would hide.
string(FIND "${CMAKE_CXX_FLAGS}" "-fsanitize" sanitized)
if(CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$" AND sanitized EQUAL -1)
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES CXX)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON) # -fPIE for programs, -fPIC for libraries, -pie when linking
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(LINKER:-z,relro LINKER:-z,now)
endif()

# A faster linker where there is one; the result does not depend on it.
option(DAYBOOK_FAST_LINKER "Link with mold or lld when installed" ON)
if(DAYBOOK_FAST_LINKER)
  find_program(MOLD_LINKER ld.mold)
  find_program(LLD_LINKER ld.lld)
  mark_as_advanced(MOLD_LINKER LLD_LINKER)
  if(MOLD_LINKER)
    add_link_options(-fuse-ld=mold)
  elseif(LLD_LINKER)
    add_link_options(-fuse-ld=lld)
  endif()
endif()

# Unchanged files are not compiled twice, even in another build directory.
find_program(CCACHE_PROGRAM ccache)
mark_as_advanced(CCACHE_PROGRAM)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
