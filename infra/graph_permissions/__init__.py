"""Gives the app's identity the Graph permissions that its features need, and takes the others away.

    python -m infra.graph_permissions --identity OBJECT_ID
    python -m infra.graph_permissions --identity OBJECT_ID --with licenses --without drift --yes
    python -m infra.graph_permissions --identity OBJECT_ID --without members --owner-of GROUP --yes

Without --yes it only shows what it would do. It works with the sign-in of whoever runs it
(`az login`), who needs the role Privileged Role Administrator or Global Administrator.
"""
